"""Edits of an order that stands: begin, preview the difference, confirm it; only the difference moves."""
