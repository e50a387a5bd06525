"""Backup and restore of an installation: database and files in one folder, keys apart and encrypted."""
