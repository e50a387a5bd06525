"""Use cases of reviews, one file for each theme."""
