"""The ways to reach a person. A new channel is a new folder with a class that app.py names."""
