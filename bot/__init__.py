"""The edge: every door in and out, and the wiring."""
