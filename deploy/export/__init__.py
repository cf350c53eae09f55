"""Events for analysts: files by type and day, with pseudonyms instead of people, continued where they ended."""
