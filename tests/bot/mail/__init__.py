"""Tests of reading, sending and fetching mail."""
