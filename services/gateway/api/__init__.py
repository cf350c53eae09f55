"""The public JSON API. Bodies are checked by schemas, answers are the same models that pages show."""
