"""What a shopper has put aside, before any promise is made."""
