"""The clocks of reminders: plain Python, values in, values out."""
