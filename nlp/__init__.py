"""Language on the machine: category, kind, serious events, personal data."""
