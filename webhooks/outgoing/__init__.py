"""The way out: from an address to an answer, without ever reaching what nobody allowed."""
