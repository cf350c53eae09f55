"""What the diary does by itself when something has happened."""
