"""What the desk does: start and advance runs, hold gates, take decisions, deliver. A verb a module."""
