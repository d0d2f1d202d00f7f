"""The worker process: it relays the outbox, runs the deliveries and does the periodic work."""
