"""A witness (C2SP, tlog-witness): remembers the largest head of each log, and signs only what goes on from it."""
