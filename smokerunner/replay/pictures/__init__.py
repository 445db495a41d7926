"""The pictures of a run: taken, used again, compared with earlier ones, and drawn together."""
