"""The web pages of staff, managers and MAS."""
