"""What the shipped crews speak in: typed outputs, guardrails and composers, named in YAML and looked up in tables."""
