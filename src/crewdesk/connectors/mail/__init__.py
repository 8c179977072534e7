"""Mail: one message made of approved bytes, and the ways it goes: a file, a draft in a mailbox, sent."""
