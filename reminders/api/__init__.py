"""The operations on the inbox."""
