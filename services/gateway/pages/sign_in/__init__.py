"""The page "sign in"."""
