"""Runs crews on CrewAI; the only room that imports it."""
