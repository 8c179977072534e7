"""Tests for a change: drafted by code, and run before and after it."""
