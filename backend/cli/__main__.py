"""`python -m backend.cli` is `novads`."""

from backend.cli.main import main

if __name__ == "__main__":
    main()
