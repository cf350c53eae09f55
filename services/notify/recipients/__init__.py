"""Who can be told: accounts, the pupils they follow, and the words a message needs."""
