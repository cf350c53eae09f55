"""A family's diaries over the API."""
