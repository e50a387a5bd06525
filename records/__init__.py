"""Records: frozen data of a decision, printed once, sealed, kept as bytes and verifiable by anybody."""
