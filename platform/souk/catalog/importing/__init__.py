"""Bring catalogues in from files."""
