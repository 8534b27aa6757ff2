"""Slack: reports in modals, notices with buttons, alerts that are taken where they arrive."""
