"""Keeping what an installation knows: archives of the log, backups, and restoring from both."""
