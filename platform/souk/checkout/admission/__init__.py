"""Let buyers into the checkout of a flash sale one after the other."""
