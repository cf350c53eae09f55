"""The page "link"."""
