"""One notice: the outcome of telling one account one thing by one channel."""
