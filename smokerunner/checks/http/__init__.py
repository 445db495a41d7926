"""Whether the app answers as an app should: its home, its health, its errors, its assets."""
