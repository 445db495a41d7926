"""Whether the app's API routes answer as they should: what they say, to whom, how fast, and at every address."""
