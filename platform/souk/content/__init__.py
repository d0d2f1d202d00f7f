"""Pages, menus and redirects."""
