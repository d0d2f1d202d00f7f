"""Checkouts that were left: who is written to, what their link restores, and what came back."""
