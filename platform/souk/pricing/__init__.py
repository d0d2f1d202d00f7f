"""What a buyer pays for one unit: the shop's currencies and its price lists."""
