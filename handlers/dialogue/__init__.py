"""The dialogue engine: a pure step from state and input to prompts and effects."""
