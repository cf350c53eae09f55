"""Somebody who works at a school."""
