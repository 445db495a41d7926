"""Everything that can be asked of an app beside its flows. A new check is a new file and a line in the catalogue."""
