"""Seals: once a day one signed hash says how every stream of the store ends."""
