"""Stand-ins for services of others that tests need to be there."""
