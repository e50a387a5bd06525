"""The rules of reviews: plain values in, plain values out; no Django, no clock, no settings."""
