"""The outreach crew: from a new lead to a mail that a sales person approved."""
