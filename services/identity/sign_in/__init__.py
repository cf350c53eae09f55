"""Signing in at one of the two doors."""
