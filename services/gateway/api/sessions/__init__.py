"""Signing in and out over the API, and who one is."""
