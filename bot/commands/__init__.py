"""The subcommands of `lotsen`, one file for each group."""
