"""Forms of reviews."""
