"""smokerunner: proves after a deploy, in a real browser, that an app still works."""

__version__ = "0.1.0"
