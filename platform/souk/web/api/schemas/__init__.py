"""The shapes of the API: the same models validate requests, check answers and make the OpenAPI document."""
