"""`python -m crewdesk` is the command line."""

from crewdesk.cli import main

if __name__ == "__main__":
    main()
