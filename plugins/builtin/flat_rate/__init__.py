"""Shipping at a fixed price, with a part that grows with the weight."""
