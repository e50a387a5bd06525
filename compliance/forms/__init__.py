"""Forms of compliance."""
