"""Pictures: checked, stored by content, served at fixed widths."""
