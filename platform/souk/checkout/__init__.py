"""From a cart to an order: prepare, pay, finalize."""
