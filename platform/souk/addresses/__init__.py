"""Postal addresses: the one shape that accounts, checkouts and orders store, and what each country wants of it."""
