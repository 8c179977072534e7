"""What a code review is made of: a change, findings, tests that ran, proposals for documentation, the review itself."""
