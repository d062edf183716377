"""Staff of a municipality: who they are, what they may do, how they sign in."""
