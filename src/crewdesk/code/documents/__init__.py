"""What is written about code: docstrings, pages, the changelog, and what a change makes of them."""
