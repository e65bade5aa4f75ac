"""`python -m fgfr_screen`."""

from fgfr_screen.cli import main

if __name__ == "__main__":
    main()
