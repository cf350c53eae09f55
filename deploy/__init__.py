"""Everything that runs the services: embedded servers, containers, the operator's console."""
