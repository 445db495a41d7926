"""Flows as Playwright code: read once into a small tree, printed in each language. Pure: no file, no clock."""
