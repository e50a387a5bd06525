"""The operations on webhooks, for administrators."""
