"""Where a shopper pays a merchant; what a merchant pays the platform is `billing`."""
