"""Where reviews go: a folder on this machine, GitHub, Review Board. Each knows again what it posted before."""
