"""What an app may read with a token of the shop."""
