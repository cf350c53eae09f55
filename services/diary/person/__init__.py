"""A relative of pupils, as the school knows them."""
