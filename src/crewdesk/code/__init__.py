"""Code as something to read, to analyse and to run: repositories, diffs, symbols, analysers, a sandbox."""
