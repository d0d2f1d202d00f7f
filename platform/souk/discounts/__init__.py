"""What lowers a price: discounts, their codes, and how often they were used."""
