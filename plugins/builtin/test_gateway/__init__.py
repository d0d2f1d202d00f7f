"""A payment gateway with scripted card outcomes, for trying a shop out."""
