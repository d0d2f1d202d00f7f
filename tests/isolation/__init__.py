"""Every route against the objects, tokens and sessions of somebody else."""
