"""Accounts of the portal and of the staff: who somebody is, and how they prove it. Knows nothing about diaries."""
