"""The chat, web and mail channels; one file or folder each."""
