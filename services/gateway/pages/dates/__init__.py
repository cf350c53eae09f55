"""The page "dates"."""
