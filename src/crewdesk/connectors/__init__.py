"""The ways out of the house: one file a connector, one line in the table."""
