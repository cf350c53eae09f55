"""What can go wrong at start, said so that the reader knows what to do next."""


class CannotStart(Exception):
    """The text names the cause and the remedy; it is shown without a traceback."""
