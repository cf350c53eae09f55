"""Proving that store, log and views say the same: cut, read each once, compare, look into what differs."""
