"""Models behind one port: litellm for real ones, our own for offline work and for tests."""
