"""The operations on projects, models, versions and manifests."""
