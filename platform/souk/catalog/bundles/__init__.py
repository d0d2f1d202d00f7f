"""Variants that consist of others and are sold from their stock."""
