"""Reads deliveries in a limited child process, which is replaced when it misbehaves; what it says is checked."""

from __future__ import annotations

import json
import logging
import math
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import tanggap
from tanggap import channels
from tanggap.actions.arrived import Arrived, Piece
from tanggap.actions.contents import Upload
from tanggap.actions.remote_files import Remote
from tanggap.actions.threads import reply_key
from tanggap.channels.arrivals import Kind, Status
from tanggap.worker.child import HEAD, READY

WALL_SECONDS = 5.0
"""How long one delivery may take; large ones a second more for each ten megabytes."""
START_SECONDS = 30.0
"""How long a child may take until it is ready; a machine that is busy is no delivery's fault."""
_READINGS = 2000  # then a fresh child: what memory it kept is given back
_MOST_BACK = 512 * 1024 * 1024
_CHUNK = 1 << 16
_MOST_PIECES = 255
_LAST_SECONDS = 0.5  # who has hung up has ended, or does so now
_STARVED = 0.05
"""A child that had less than this part of its time on a processor was not given any."""

_log = logging.getLogger(__name__)


class Unread(Exception):
    """The delivery could not be read; ``why`` in a few Indonesian words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Unable(Exception):
    """It could not be tried: something is wrong with this machine, and not with the delivery.

    ``why`` in Indonesian words for an administrator. ``always``: no delivery whatever can be read.
    """

    def __init__(self, why: str, *, always: bool = False) -> None:
        super().__init__(why)
        self.why, self.always = why, always


class _TooLong(Unread):
    """It did not answer in time."""


class _HungUp(Unread):
    """It ended in the middle."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a delivery holds. ``faults``: parts of it that nobody understood."""

    arrivals: tuple[Arrived, ...]
    faults: tuple[str, ...]


class Child:
    """One long-lived process that reads; killed and started anew whenever it does not answer properly."""

    def __init__(self, *, seconds: float = WALL_SECONDS) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._readings = 0
        self._worked = 0.0

    def read(
        self, channel: str, raw: bytes, settings: Mapping[str, str], *, original: str = "",
        named: Callable[[str], str] = lambda token: "",
    ) -> Read:  # fmt: skip
        """What ``raw`` holds. ``original``: see :mod:`tanggap.channels.contract`. ``named``: what a reply address of
        ours names, by what it carries. Raises :class:`Unread`, or :class:`Unable` where the delivery did nothing wrong.
        """
        try:
            told, blobs = self._ask({"channel": channel, "settings": dict(settings), "size": len(raw)}, raw)
            if "error" in told:
                raise Unread(f"pembacaan terhenti: {told['error']}")
            return _checked(told, blobs, Upload(original, raw, closed=True) if original else None, named)
        except (Unable, MemoryError):
            self.close()
            raise
        except Unread as unread:
            ours = self._ours(unread)
            self.close()
            if ours:
                raise Unable(ours) from unread
            raise
        except OSError as error:
            self.close()
            raise Unable(f"pembaca kiriman terhalang di mesin ini ({type(error).__name__})") from error
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            self.close()
            raise Unread(f"pembacanya berhenti ({type(error).__name__})") from error

    def close(self) -> None:
        """End the process, whatever it does."""
        process, self._process, self._readings = self._process, None, 0
        if process is not None:
            _end(process)

    def _ours(self, unread: Unread) -> str:
        """Why the child did not answer, when it was killed from outside or got no time to work in; else empty."""
        process = self._process
        if process is None:
            return ""
        if isinstance(unread, _TooLong) and _worked(process.pid) - self._worked < self._seconds * _STARVED:
            return "mesin terlalu sibuk untuk membaca kiriman"
        if isinstance(unread, _HungUp):
            with suppress(subprocess.TimeoutExpired):
                if process.wait(_LAST_SECONDS) == -signal.SIGKILL:
                    return "pembaca kiriman dihentikan oleh sistem: periksa memori mesin"
        return ""

    def _ask(self, asked: Mapping[str, Any], raw: bytes) -> tuple[dict[str, Any], list[bytes]]:
        if self._readings >= _READINGS:
            self.close()
        process = self._process = self._process or _start()
        self._readings += 1
        self._worked = _worked(process.pid)
        assert process.stdin is not None
        assert process.stdout is not None
        said = json.dumps(asked).encode()
        pipe = _Pipe(process.stdin.fileno(), process.stdout.fileno(), self._seconds + len(raw) / 1e7)
        pipe.send(HEAD.pack(len(said)) + said)
        pipe.send(raw)
        told = json.loads(pipe.take(HEAD.unpack(pipe.take(HEAD.size))[0]))
        sizes = [int(size) for size in told["sizes"]]
        if any(size < 0 for size in sizes) or sum(sizes) > _MOST_BACK:
            raise Unread("isinya melebihi batas")
        return told, [pipe.take(size) for size in sizes]


def _worked(pid: int) -> float:
    """Seconds of a processor that a process has used; endless where nobody tells (and then it had its time)."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return math.inf


def _start() -> subprocess.Popen[bytes]:
    """A process that is ready to read. Raises :class:`Unable`."""
    try:
        process = _begun()
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        why = f"pembaca kiriman tidak dapat dijalankan ({type(error).__name__}): periksa memori dan pemasangan"
        raise Unable(why, always=True) from error
    assert process.stdout is not None
    try:
        if _Pipe(-1, process.stdout.fileno(), START_SECONDS).take(len(READY)) == READY:
            return process
    except (Unread, OSError):
        _log.exception("the process that reads deliveries does not start")
    _end(process)
    raise Unable("pembaca kiriman berhenti sebelum siap: periksa memori dan pemasangan", always=True)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _begun() -> subprocess.Popen[bytes]:
    """A process that has neither our secrets nor our settings in its surroundings."""
    source = str(Path(tanggap.__file__).parent.parent)
    surroundings = {"PYTHONPATH": source, "PATH": os.environ.get("PATH", ""), "PYTHONHASHSEED": "random"}
    process = subprocess.Popen(  # noqa: S603  our own interpreter, our own module
        [sys.executable, "-m", "tanggap.worker.child", *channels.__path__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=surroundings,
        start_new_session=True,
    )
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        os.set_blocking(pipe.fileno(), False)
    return process


class _Pipe:
    """Both ends of a conversation that must end in time."""

    def __init__(self, out: int, back: int, seconds: float) -> None:
        self._out, self._back, self._until = out, back, time.monotonic() + seconds

    def send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            self._wait(self._out, select.POLLOUT)
            try:
                view = view[os.write(self._out, view[:_CHUNK]) :]
            except (BrokenPipeError, ConnectionResetError):
                raise _HungUp("pembacanya berhenti") from None

    def take(self, size: int) -> bytes:
        if not 0 <= size <= _MOST_BACK:
            raise Unread("isinya melebihi batas")
        parts, left = [], size
        while left:
            self._wait(self._back, select.POLLIN)
            part = os.read(self._back, min(left, 1 << 20))
            if not part:
                raise _HungUp("pembacanya berhenti")
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def _wait(self, end: int, event: int) -> None:
        poll = select.poll()
        poll.register(end, event)
        left = self._until - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise _TooLong("terlalu lama dibaca")


def named_by(module: ModuleType) -> Callable[[str], str]:
    """How the channel looks at the signature of a reply address; one that has none names nothing."""
    read_token = getattr(module, "read_token", None)
    return (lambda carried: read_token(carried, reply_key())) if read_token is not None else lambda carried: ""


# what the child says, checked -----------------------------------------------------------------------------------------


def _checked(told: Mapping[str, Any], blobs: list[bytes], original: Upload | None, named: Callable[[str], str]) -> Read:
    arrivals = tuple(_arrived(one, blobs, original, named) for one in told["arrivals"])
    return Read(arrivals, _texts(told["faults"]))


def _arrived(
    told: Mapping[str, Any], blobs: list[bytes], original: Upload | None, named: Callable[[str], str]
) -> Arrived:
    sender, parts = told["sender"], told["parts"]
    files = [
        Upload(_text(part["name"]) or f"lampiran-{n}", blobs[int(part["blob"])])
        for n, part in enumerate(parts, 1)
        if part["blob"] is not None
    ]
    kind = Kind(told["kind"])
    return Arrived(
        kind=kind.value,
        external_id=_text(told["external_id"]),
        sender=_text(sender["value"]),
        sender_name=_text(sender["name"]),
        vouched=sender["vouched"] is True,
        recipients=_texts(told["recipients"]),
        reply_to=_texts(told["reply_to"]),
        sent_at=_moment(told["sent_at"]),
        subject=_text(told["subject"]),
        text=_text(told["text"]),
        whole=_text(told["whole"]),
        files=tuple(files),
        original=original,
        remote=tuple(
            Remote(_text(part["name"]), _text(part["media_type"]), _text(part["remote"]))
            for part in parts
            if part["blob"] is None and part["remote"]
        ),
        missing=tuple(_text(part["name"]) for part in parts if part["blob"] is None and not part["remote"]),
        answers=_texts(told["answers"]),
        about=_text(told["about"]),
        token=named(_text(told["token"])),
        status=Status(told["status"]).value if told["status"] is not None else "",
        piece=_piece(told["piece"]),
        detail=_text(told["detail"]),
        tags=_texts(told["tags"]),
        faults=_texts(told["faults"]),
    )


def _piece(told: Any) -> Piece | None:
    if told is None:
        return None
    piece = Piece(_text(told["of"]), int(told["number"]), int(told["count"]))
    if not 1 <= piece.number <= piece.count <= _MOST_PIECES:
        raise ValueError("a piece of nothing")
    return piece


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    return value


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError(type(values).__name__)
    return tuple(_text(value) for value in values)


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment.astimezone(UTC)
