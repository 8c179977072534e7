"""Everything is data: the strict reading of config/, its JSON Schemas, and new files for it."""
