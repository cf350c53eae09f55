"""A course: a subject that a school offers in some grades."""
