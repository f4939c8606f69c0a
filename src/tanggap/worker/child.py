"""The limited process in which deliveries are read: little memory, little time, no files, no secrets, no database.

Started by :mod:`tanggap.worker.reading`, which speaks to it in frames: a length, JSON of that length, then the bytes
that the JSON announces under ``sizes``. It knows the channels alone, and whatever it answers is only data.
"""

from __future__ import annotations

import json
import resource
import struct
import sys
from dataclasses import asdict
from typing import Any, BinaryIO

from tanggap import channels
from tanggap.channels import directory
from tanggap.channels.arrivals import Arrival, Part

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 5
HEAD = struct.Struct(">Q")
READY = HEAD.pack(0)
"""Said once, before anything is read: a process that does not get as far fails for no delivery's sake."""


def main(paths: list[str]) -> None:
    """Read deliveries from standard input until it ends. ``paths``: the folders of channels."""
    channels.__path__[:] = paths
    known = directory.readable()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for what in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC):
        resource.setrlimit(what, (0, 0))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    sink.write(READY)
    sink.flush()
    while True:
        head = source.read(HEAD.size)
        if len(head) < HEAD.size:
            return
        asked = json.loads(source.read(HEAD.unpack(head)[0]))
        raw = source.read(asked["size"])
        _allow(CPU_SECONDS)
        told, blobs = _read(known, asked, raw)
        _answer(sink, told, blobs)


def _allow(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def _read(known: Any, asked: dict[str, Any], raw: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """A reading never raises (:class:`tanggap.channels.arrivals.Reading`); should one do so, its kind is told."""
    try:
        reading = known[asked["channel"]].read(raw, asked["settings"])
        blobs: list[bytes] = []
        arrivals = [_plain(one, blobs) for one in reading.arrivals]
        return {"arrivals": arrivals, "faults": list(reading.faults), "sizes": [len(blob) for blob in blobs]}, blobs
    except (Exception, MemoryError, RecursionError) as error:  # noqa: BLE001  the parent must hear of it
        return {"error": type(error).__name__, "sizes": []}, []


def _plain(arrival: Arrival, blobs: list[bytes]) -> dict[str, Any]:
    shallow = {name: getattr(arrival, name) for name in arrival.__dataclass_fields__ if name not in ("parts", "html")}
    shallow["sender"] = asdict(arrival.sender)
    shallow["recipients"] = [one.value for one in arrival.recipients]
    shallow["sent_at"] = arrival.sent_at.isoformat() if arrival.sent_at is not None else None
    shallow["piece"] = asdict(arrival.piece) if arrival.piece is not None else None
    shallow["parts"] = [_part(part, blobs) for part in arrival.parts]
    return shallow


def _part(part: Part, blobs: list[bytes]) -> dict[str, Any]:
    told: dict[str, Any] = {"name": part.name, "media_type": part.media_type, "remote": part.remote, "blob": None}
    if part.data is not None:
        told["blob"] = len(blobs)
        blobs.append(part.data)
    return told


def _answer(sink: BinaryIO, told: dict[str, Any], blobs: list[bytes]) -> None:
    said = json.dumps(told).encode()  # ASCII: lone surrogates travel as escapes
    sink.write(HEAD.pack(len(said)) + said)
    sink.writelines(blobs)
    sink.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
