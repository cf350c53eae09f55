"""Access slips: papers with a diary login and a one-time password."""
