"""What the house knows: sources under knowledge/, cut into passages and searchable."""
