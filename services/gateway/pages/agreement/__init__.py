"""The page "agreement"."""
