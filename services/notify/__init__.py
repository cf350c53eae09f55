"""Who hears what, when, by which channel."""
