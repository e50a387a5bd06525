"""What the product costs, measured; README.md has the figures. Run as `.venv/bin/python -m bench NAME`."""
