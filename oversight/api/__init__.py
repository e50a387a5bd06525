"""The operations of auditors."""
