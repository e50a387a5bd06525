"""Runs the whole product on one machine: what must be there, what is made ready, and the children that serve."""
