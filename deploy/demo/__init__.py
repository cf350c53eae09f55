"""The demonstration school: made up from a seed number and today's date, the same every time."""
