"""Linking a diary with a portal account by its slip."""
