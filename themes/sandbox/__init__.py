"""The budgeted, allowlisting template environment; it knows nothing of shops."""
