"""What people do with meetings: planning, calling, running them, and their minutes."""
