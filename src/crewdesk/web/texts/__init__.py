"""Outputs in the browser: as they will ship, as fields to fill in, and what changed."""
