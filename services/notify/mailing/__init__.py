"""Which event is told to whom."""
