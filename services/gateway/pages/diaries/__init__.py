"""The page "diaries"."""
