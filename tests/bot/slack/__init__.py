"""The Slack door against a strict Slack of our own."""
