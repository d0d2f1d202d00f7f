"""Parcels and tracking numbers without a carrier, for automatic fulfillment."""
