"""The operations on what waits for a person."""
