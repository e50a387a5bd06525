"""Where webhooks may go, when they go again, how they are signed: plain Python, values in, values out."""
