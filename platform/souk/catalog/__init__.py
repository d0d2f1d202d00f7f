"""Products, variants, collections and categories."""
