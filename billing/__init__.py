"""What a merchant pays the platform; where a shopper pays a merchant it is `souk.payments`. Neither imports the other."""
