"""The benchmark: the same job, the same scripted model server, several ways to run a crew."""
