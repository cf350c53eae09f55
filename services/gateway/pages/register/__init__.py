"""The page "register"."""
