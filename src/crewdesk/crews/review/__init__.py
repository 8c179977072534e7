"""The review crew: from a change to one review that a developer pruned."""
