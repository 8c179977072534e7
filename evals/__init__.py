"""How good are the reviews? Measured on real commits and on known bugs; figures are in README.md."""
