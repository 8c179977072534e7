"""A place for code that nobody knows yet: it runs there, and nothing of it stays."""
