"""Whether the way to the app is safe: its certificate, its protocols, and nothing that goes in clear."""
