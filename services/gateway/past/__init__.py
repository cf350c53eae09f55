"""Pages as they were: the events behind every page document, kept where the pages are."""
