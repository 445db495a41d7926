"""What earlier runs said: since when a flow fails, when it last passed, how long it usually takes."""
