"""A pupil of a school."""
