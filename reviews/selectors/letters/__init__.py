"""What letters say and by which texts, read from the database in the language that is active."""
