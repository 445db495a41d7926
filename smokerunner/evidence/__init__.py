"""One run's evidence folder: write it, search it for secrets, seal it, read it back, prove it, prune old ones."""
