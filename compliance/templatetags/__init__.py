"""Tags of compliance's pages."""
