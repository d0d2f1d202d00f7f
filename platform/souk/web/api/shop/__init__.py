"""What a shopper's program may do."""
