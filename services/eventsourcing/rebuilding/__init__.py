"""Building generations of views anew: in parallel, resumable, compared with what is live, switched by one write."""
