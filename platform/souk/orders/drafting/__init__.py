"""Orders that staff prepare and the buyer pays."""
