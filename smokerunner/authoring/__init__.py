"""Flow files out: what was recorded or imported is tidied, linted, formatted, mended, written back and exported."""
