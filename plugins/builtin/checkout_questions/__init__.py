"""Questions that a merchant asks in the checkout, without code."""
