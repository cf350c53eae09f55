"""Who of the operators has looked at what events hold, and why."""
