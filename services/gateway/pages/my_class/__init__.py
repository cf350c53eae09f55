"""The page "my class"."""
