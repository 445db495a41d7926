"""Flow files in: reading them with their line numbers, and saying what is wrong with them."""
