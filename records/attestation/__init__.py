"""Attestations of decisions and the status list: what is signed for pipelines, by which keys, and where it lies."""
