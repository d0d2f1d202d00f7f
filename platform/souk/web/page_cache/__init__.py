"""Anonymous pages kept before Flask: per-process memory over Redis, purged by what pages were made of."""
