"""The account: registered, confirmed, opened for staff, closed."""
