"""Registration over the API."""
