"""Orders of another system, brought in from a file with their history: no mail is sent and no stock moves."""
