"""The operations on requests, dossiers, boards and decisions."""
