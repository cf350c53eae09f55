"""Erasing a person: what was asked, what became unreadable, and what this service forgets."""
