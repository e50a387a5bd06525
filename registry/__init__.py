"""Projects, AI models, their versions, and the manifests that name the bytes of a version."""
