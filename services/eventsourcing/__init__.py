"""The event-sourcing library all services stand on: no process, no school word, imports no service."""
