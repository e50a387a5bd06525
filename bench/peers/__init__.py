"""Votes once more, as rows of their own: bare, with an event of the trail, and with the history of two libraries."""
