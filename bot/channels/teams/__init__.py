"""The Teams door: activities in through /api/messages, Adaptive Cards and dialogs out."""
