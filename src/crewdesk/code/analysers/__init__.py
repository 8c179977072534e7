"""Analysers: programs that say what is wrong with code. Each looks at a folder and knows nothing of changes."""
