"""How much of what is where, and every movement with its cause."""
