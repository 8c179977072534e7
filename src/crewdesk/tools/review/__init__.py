"""What the review crew's agents call, and what does the tasks of those that are no models."""
