"""Tools of the outreach crew: the lead, who may be written to, what is known of a company."""
