"""`python -m smokerunner`."""

from smokerunner.cli import main

if __name__ == "__main__":
    main()
