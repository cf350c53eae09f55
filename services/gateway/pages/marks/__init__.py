"""The page "marks"."""
