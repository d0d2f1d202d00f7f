"""Pictures of imported products that still lie elsewhere: claimed, fetched, shown, or told as failed."""
