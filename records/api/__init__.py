"""The operations on records."""
