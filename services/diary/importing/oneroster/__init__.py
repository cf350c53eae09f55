"""OneRoster CSV sets: read, checked and turned into a plan; nothing here writes anything."""
