"""CRMs: leads are read, notes and states written, each once."""
