"""Payment by another way: cash on delivery, bank transfer."""
