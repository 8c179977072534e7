"""Values of the outreach crew: leads, who may be written to, mails."""
