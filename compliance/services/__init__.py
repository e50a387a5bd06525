"""What people and the clock do in compliance; each function is one use case."""
