"""What earlier runs said: since when a flow or a check fails, when it last passed, how long a flow takes."""
