"""A recording session: a person uses the app in a browser, and a flow comes of it."""
