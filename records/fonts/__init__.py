"""The fonts of records, vendored, and the scripts that made them."""
