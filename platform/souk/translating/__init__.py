"""What merchants wrote, in the other languages of their shop: found, edited, exchanged as CSV."""
