"""The page "school"."""
