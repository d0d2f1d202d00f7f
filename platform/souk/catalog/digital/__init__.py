"""Files that are sold: kept out of sight, handed to those who bought them."""
