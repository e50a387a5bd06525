"""Sealing: the organisation's key and certificate, the signature on a printed record, and its verification."""
