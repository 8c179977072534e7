"""Triggers: what starts runs by itself, at certain times or because something is new elsewhere."""
