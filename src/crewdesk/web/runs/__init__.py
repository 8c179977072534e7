"""Runs in the browser: the list, one run with all its calls, and what starts or changes one."""
