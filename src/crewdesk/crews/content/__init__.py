"""The content crew: from this week's topic to a published post."""
