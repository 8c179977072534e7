"""What the desk asks of the outside, one Protocol a file."""
