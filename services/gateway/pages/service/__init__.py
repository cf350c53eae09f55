"""The page "service"."""
