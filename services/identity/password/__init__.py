"""Passwords: what is allowed, how they are kept, how they are changed."""
