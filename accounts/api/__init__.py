"""What the whole API shares: who calls, problems, repeated calls, pages, limits, description.

It lies in accounts because tokens do: every app above may import it, and describes its own operations with it.
"""
