"""Tells shoppers by when to order and when the goods will arrive."""
