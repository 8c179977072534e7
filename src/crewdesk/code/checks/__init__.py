"""Whether what others say about a change holds: its place, what it quotes, what it suggests."""
