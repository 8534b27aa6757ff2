"""Alembic's entry: runs on the connection that storage/migrate.py hands over."""

from alembic import context

import storage.access_tables
import storage.case_tables  # noqa: F401 - adds its tables to the metadata
from storage.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    compare_type=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
