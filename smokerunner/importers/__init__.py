"""Other recorders' files, read into drafts; each format is one file."""
