"""Whether payments are reported to the app, only by the provider, and with the right keys."""
