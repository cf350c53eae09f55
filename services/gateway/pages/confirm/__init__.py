"""The page "confirm"."""
