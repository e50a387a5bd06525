"""Requests to release a model version: dossier, triage, boards, ballots, decisions."""
