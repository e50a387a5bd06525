"""Figures of requests as pictures, each a table with its shades or bars, and the same rows as CSV."""
