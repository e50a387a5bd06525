"""Commands of the command line that belong to no folder of their own."""
