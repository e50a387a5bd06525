"""Printing: from the frozen context to the deterministic PDF that is sealed."""
