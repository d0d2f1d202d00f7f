"""Gift cards and store credit: they pay, they lower no price."""
