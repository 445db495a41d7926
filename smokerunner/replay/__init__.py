"""The engine: what runs, in which order, and what came of it."""
