"""The command line of Imprimatur, and the file formats that it shares with the server; nothing of the server."""
