"""What a merchant pays the platform; where a shopper pays a merchant it is `souk.payments`. No import crosses."""
