"""`python -m tanggap` is the command `tanggap`."""

import sys

from tanggap.cli.main import main

sys.exit(main())
