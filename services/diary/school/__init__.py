"""A school: its name and address, terms, bells and holidays."""
