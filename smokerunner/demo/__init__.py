"""The demo: a small shop called Acorn with its card provider, and the faults a bad deploy can bring."""
