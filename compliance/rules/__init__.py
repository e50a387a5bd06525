"""Plain Python: values in, values out; no Django, no clock, no settings."""
