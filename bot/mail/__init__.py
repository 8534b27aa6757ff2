"""Raw mail: understanding it, fetching it, sending it."""
