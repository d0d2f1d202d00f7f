"""What tax a line carries, included in the price or added to it."""
