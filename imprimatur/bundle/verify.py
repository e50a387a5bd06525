"""Placeholder until the verifier stands here."""
