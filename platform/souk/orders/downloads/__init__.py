"""What buyers of files may download, how often and until when."""
