"""What agents may call: plain functions that read and never deliver."""
