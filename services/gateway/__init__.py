"""The only public door: portal pages, JSON API, and the views they are read from."""
