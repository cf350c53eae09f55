"""The services in containers: one image, credentials from secret files."""
