"""What pages, invitations and minutes say of meetings."""
