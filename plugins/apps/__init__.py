"""Remote apps: the events that they are told, signed, over HTTPS."""
