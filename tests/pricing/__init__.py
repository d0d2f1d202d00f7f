"""Currencies and price lists."""
