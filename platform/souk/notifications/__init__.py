"""Mail to shoppers and staff, sent once and kept for the merchant to see."""
