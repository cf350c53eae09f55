"""A form class or a teaching group: who is taught, by whom, and when."""
