"""The attack lists, as tables, and the cell in which each attack runs."""
