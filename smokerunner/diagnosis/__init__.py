"""Why something failed: one file a cause, each a function of what was recorded."""
