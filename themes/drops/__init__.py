"""The objects a theme can read, built from rows and loading their relations for all siblings at once."""
