"""Workers: runs in line are worked off by any number of processes; DBOS keeps their queues."""
