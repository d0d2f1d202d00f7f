"""Shoppers with an account: who they are, how they sign in, where they live."""
