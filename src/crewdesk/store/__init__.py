"""The one database: SQLite through SQLAlchemy, numbered migrations, safe for several processes."""
