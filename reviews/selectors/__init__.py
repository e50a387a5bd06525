"""Reads that pages of reviews share."""
