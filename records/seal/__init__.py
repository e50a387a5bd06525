"""Sealing: the key and certificate of the organisation, its signature on a record, and its verification."""
