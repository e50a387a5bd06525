"""What administrators do with webhooks."""
