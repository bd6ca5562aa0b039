"""``python -m newsdesk`` serves Newsdesk on this machine."""

from newsdesk.serve import main

if __name__ == "__main__":
    main()
