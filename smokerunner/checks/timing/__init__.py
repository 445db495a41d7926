"""Whether the app answers in time, measured often enough to mean something."""
