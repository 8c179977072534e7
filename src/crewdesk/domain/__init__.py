"""Plain values and rules: no files, no clock, no framework."""
