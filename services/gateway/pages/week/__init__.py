"""The page "week"."""
