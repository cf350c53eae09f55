"""The page "home"."""
