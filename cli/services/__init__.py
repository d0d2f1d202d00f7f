"""The services a machine without PostgreSQL and Redis gets from the Python wheels themselves."""
