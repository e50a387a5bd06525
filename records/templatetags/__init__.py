"""Template tags of the records app."""
