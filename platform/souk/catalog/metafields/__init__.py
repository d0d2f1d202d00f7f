"""The merchant's own typed fields of products, variants and collections."""
