"""A municipality on a simulated clock, run through the real code."""
