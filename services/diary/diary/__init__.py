"""A pupil's diary: access slips and the portal accounts linked with them."""
