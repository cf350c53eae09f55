"""The page "staff password"."""
