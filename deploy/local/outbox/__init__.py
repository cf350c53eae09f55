"""Where mail ends in development: a real SMTP server on loopback and a page that shows what it got."""
