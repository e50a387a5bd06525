"""Signing in through the organisation's own provider (OpenID Connect)."""
