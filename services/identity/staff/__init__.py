"""Accounts of the school's staff: they follow appointments."""
