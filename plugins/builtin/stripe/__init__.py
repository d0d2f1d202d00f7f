"""Cards, wallets and local methods through Stripe, with the merchant's own keys or through the platform's Connect."""
