"""The page "journal"."""
