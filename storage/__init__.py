"""SQL: tables, repositories, migrations."""
