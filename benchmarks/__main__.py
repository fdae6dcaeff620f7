"""`python -m benchmarks [GROUP ...] [--quick]`."""

import sys

from benchmarks.groups import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
