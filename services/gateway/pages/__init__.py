"""One folder per page: what it shows (model), how (page.html), where from (view), at which address (http)."""
