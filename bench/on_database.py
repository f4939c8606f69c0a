"""``python -m bench.on_database NAME SECONDS FILE [SIZE WORKERS | mails | work]``: one database bench in its process.

Run by :mod:`bench.stored` with ``TANGGAP_*`` variables that point at an empty database; the figures go to FILE as JSON.
With SIZE: the worker among so many open cases; with ``mails``: mails that come; with ``work``: another of its workers.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path


def main(name: str, seconds: str, file: str, what: str = "", workers: str = "1") -> int:
    """Set Django up before anything that needs it is imported, then measure."""
    import django

    django.setup()
    if what == "work":
        from bench import sweep

        print(json.dumps(sweep.work()))
        return 0
    if what == "mails":
        sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))  # mails of every kind, a mailbox
        from bench import mails

        found = mails.measure(name, float(seconds))
    else:
        from bench import journey, sweep

        if what:
            found = sweep.measure(name, float(seconds), int(what), int(workers))
        else:
            found = journey.measure(name, float(seconds))
    Path(file).write_text(json.dumps([asdict(figure) for figure in found]))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
