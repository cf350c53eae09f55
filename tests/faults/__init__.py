"""Faults put on the running system, and a checker that knows only what clients were told."""
