"""The page "gallery"."""
