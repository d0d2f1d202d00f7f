"""Where a shop delivers and what it costs."""
