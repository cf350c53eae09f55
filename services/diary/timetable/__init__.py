"""The weekly lessons of a group."""
