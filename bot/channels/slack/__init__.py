"""Slack: reports in modals, notices with buttons, alerts that are acknowledged where they arrive."""
