"""Who may do what in reviews, each answer with its reason: one file for each theme."""
