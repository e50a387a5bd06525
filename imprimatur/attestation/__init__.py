"""The attestation of a release decision: what is stated, and how it is written and read."""
