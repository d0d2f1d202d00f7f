"""The product package."""
