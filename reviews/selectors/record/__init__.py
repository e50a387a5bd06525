"""The context of a review record, read from the database in the language that is active."""
