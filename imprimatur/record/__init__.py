"""Checking the PDF of a record: needs the extra `pdf` (pyHanko), no database and no server."""
