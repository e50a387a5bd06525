"""Reads of the desk's pages."""
