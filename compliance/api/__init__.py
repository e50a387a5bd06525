"""The operations on checklists, findings, actions and exceptions."""
