"""Journals and classes over the API."""
