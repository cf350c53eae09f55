"""Mail: words, message, delivery by SMTP."""
