"""`python -m tests.tools TARGET`: what `make` starts. Every Python can read this; most are turned away."""

import sys

from station import pythons

if __name__ == "__main__":
    pythons.refuse()
    from tests.tools.bootstrap import main

    sys.exit(main(sys.argv[1:]))
