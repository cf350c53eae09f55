"""The page "staff sign in"."""
