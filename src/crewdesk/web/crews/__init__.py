"""Crews in the browser: what there is, and a picture of each drawn from its YAML."""
