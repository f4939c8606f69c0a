"""``python -m bench.on_database NAME SECONDS FILE``: one database bench, in a process made for it.

Run by :mod:`bench.stored` with ``TANGGAP_*`` variables that point at an empty database; the figures go to FILE as JSON.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path


def main(name: str, seconds: str, file: str) -> int:
    """Set Django up before anything that needs it is imported, then measure."""
    import django

    django.setup()
    from bench.journey import measure

    Path(file).write_text(json.dumps([asdict(figure) for figure in measure(name, float(seconds))]))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
