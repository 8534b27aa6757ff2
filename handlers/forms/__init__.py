"""Question forms as data, and their types."""
