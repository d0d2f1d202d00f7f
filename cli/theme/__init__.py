"""`souk theme`: tools for theme developers, and a shop's themes for operators."""
