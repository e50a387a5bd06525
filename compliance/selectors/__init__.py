"""Reads that pages, gates and reminders share."""
