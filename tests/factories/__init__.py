"""Rows for tests; plugin authors may import them."""
