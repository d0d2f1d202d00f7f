"""Do the books balance: provider, payments, orders, documents and stock, each counted from what it stands for."""
