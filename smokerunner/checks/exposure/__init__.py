"""What must not be seen from outside: files, consoles, debug pages, secrets."""
