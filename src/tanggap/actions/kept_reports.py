"""Reports of a busy address wait a moment: kept whole and encrypted, then received; nothing is refused or lost (S60).

Thirty a minute from one address are received at once. Of the next ones the sender gets a ticket: worth the receipt
after some seconds, or at once for a little work of their machine. Whoever does not come back is received by the worker.
"""

from __future__ import annotations

import hmac
import json
import logging
from base64 import b32encode
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil
from pathlib import Path

from tanggap.actions.contents import Upload
from tanggap.actions.intake import Complainant, Incoming, NoProcedure, Receipt, is_known, receive
from tanggap.actions.pace import slowed
from tanggap.casework.refusals import Refused
from tanggap.records import files, vault
from tanggap.records.keys import keyed_digest

A_MINUTE = 30
LONGEST_WAIT = 60
"""Seconds somebody is asked to wait at most, however many come."""
WORK_BITS = 16
"""Leading zero bits of the digest that a machine has to find: about 65,000 tries, a second on a telephone."""
LEFT_AFTER = timedelta(minutes=5)
"""A kept report nobody came back for is received by the worker, so much later."""
_WAITING, _DONE = "0", "1"  # how names of kept reports begin; names of attachments never do
_TEXTS = (
    "text", "title", "channel", "kind", "identity", "summary", "service", "place", "addressee", "language", "answer_by",
)  # fmt: skip

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """A report that waits: ``ticket`` is worth its receipt after ``seconds``, or with the work done."""

    ticket: str
    seconds: int


@dataclass
class StillWaits(Exception):
    """Somebody came back too early: the same ticket again in ``seconds``."""

    seconds: int


def source_of(address: str) -> str:
    """Whose connections count together: an IPv4 address, or the /64 network of an IPv6 one; what is neither, itself."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Network((found, 64), strict=False))
    return str(found)


def keep(house: str, incoming: Incoming, *, key: str, source: str, at: datetime) -> Kept | None:
    """Keep the report when its address sends too many; ``None`` when it may be received now (or was received before).

    Raises ``OSError`` when it cannot be written: then it is to be received at once, like any other.
    """
    if is_known(house, key):
        return None
    seconds = slowed("report", source_of(source), per_minute=A_MINUTE, most=LONGEST_WAIT, at=at)
    if not seconds:
        return None
    stored = _packed(house, incoming, key, at)
    name = _name(house, key, stored)
    if not any(files.path_of(start + name).exists() for start in (_WAITING, _DONE)):  # sent again, it was sent before
        files.write(_WAITING + name, vault.encrypt(_key(), stored, place=f"kept|{name}"))
    return Kept(_ticket(house, name, at + timedelta(seconds=seconds)), seconds)


def collect(house: str, ticket: str, *, proof: str = "", at: datetime) -> tuple[Receipt, Incoming]:
    """The receipt of a kept report, which is received by this.

    Raises :class:`StillWaits`, ``LookupError`` (no ticket of ours, or of more than a day ago), and what
    :func:`tanggap.actions.intake.receive` raises.
    """
    name, free_at = _read(house, ticket)
    if at < free_at and not is_worked(ticket, proof):
        raise StillWaits(ceil((free_at - at).total_seconds()))
    return _received(name, at)


def is_worked(ticket: str, proof: str) -> bool:
    """True when the machine of the sender has found a digest with so many leading zero bits for this ticket."""
    found = sha256(f"{ticket}.{proof}".encode("utf-8", "replace")).digest()
    return len(proof) <= 20 and int.from_bytes(found, "big") >> (256 - WORK_BITS) == 0


def receive_left(*, at: datetime, limit: int = 50) -> int:
    """Receive reports whose senders did not come back; how many. One that goes wrong stays and stops no other."""
    before, done = (at - LEFT_AFTER).timestamp(), 0
    for kept_at, path in _kept():
        if done == limit or kept_at >= before:
            break
        try:
            _received(path.name[1:], at)
            done += 1
        except NoProcedure:
            continue  # an SOP must come first
        except Exception:  # noqa: BLE001  whatever is wrong with one, the others are received
            _log.exception("a kept report could not be received")
    return done


def left_lying(*, at: datetime) -> int:
    """How many kept reports should long have been received: no worker runs, or there is no SOP for them."""
    late = (at - 2 * LEFT_AFTER).timestamp()
    return sum(kept_at < late for kept_at, _path in _kept())


def waiting() -> list[Path]:
    """The files of kept reports that are not received yet, the oldest first."""
    return [path for _kept_at, path in _kept()]


def _kept() -> list[tuple[float, Path]]:
    """Since when each waits, in seconds, the oldest first. What is received meanwhile is not among them."""
    found = []
    for path in files.folder().glob(f"{_WAITING}?/{_WAITING}*"):
        with suppress(FileNotFoundError):
            found.append((path.stat().st_mtime, path))
    return sorted(found)


def _received(name: str, at: datetime) -> tuple[Receipt, Incoming]:
    """Receive what is kept under ``name``; from then on the file is there for its receipt alone, until it is swept."""
    house, incoming, key = _unpacked(vault.decrypt(_key(), _read_kept(name), place=f"kept|{name}"))
    try:
        receipt = receive(house, incoming, key=key, at=at)
    except Refused as refused:
        if refused.code != "key_reused":  # the form was changed and sent again: both are reports
            raise
        receipt = receive(house, incoming, key=f"{key} {name}", at=at)
    with suppress(FileNotFoundError):  # the worker, or the sender, was quicker
        files.rename(_WAITING + name, _DONE + name)
    return receipt, incoming


def _read_kept(name: str) -> bytes:
    """What is kept under ``name``, which has its other name when somebody received it meanwhile. ``LookupError``."""
    for start in (_WAITING, _DONE):
        with suppress(FileNotFoundError):
            return files.read(start + name)
    raise LookupError("nothing is kept under this name")


def _packed(house: str, incoming: Incoming, key: str, at: datetime) -> bytes:
    """A line that says what it is, then the files, one after the other."""
    told = {
        "house": house,
        "key": key,
        "at": at.isoformat(),
        "texts": {name: getattr(incoming, name) for name in _TEXTS},
        "who": asdict(incoming.complainant),
        "files": [[one.name, len(one.data)] for one in incoming.files],
    }
    return b"\n".join([json.dumps(told).encode(), b"".join(one.data for one in incoming.files)])


def _unpacked(stored: bytes) -> tuple[str, Incoming, str]:
    line, _end, data = stored.partition(b"\n")
    told, uploads, place = json.loads(line), [], 0
    for name, size in told["files"]:
        uploads.append(Upload(name, data[place : place + size]))
        place += size
    incoming = Incoming(complainant=Complainant(**told["who"]), files=tuple(uploads), **told["texts"])
    return told["house"], replace(incoming, happened_at=datetime.fromisoformat(told["at"])), told["key"]


def _name(house: str, key: str, stored: bytes) -> str:
    """The same form sent again has the same name; a form that was changed has another. The moment is left out."""
    told = json.loads(stored.partition(b"\n")[0]) | {"at": ""}
    data = sha256(stored.partition(b"\n")[2]).hexdigest()
    digest = keyed_digest("kept report", house, key, json.dumps(told, sort_keys=True), data)
    return b32encode(digest[:16]).decode().rstrip("=").lower()


def _ticket(house: str, name: str, free_at: datetime) -> str:
    second = str(ceil(free_at.timestamp()))
    return f"{name}.{second}.{keyed_digest('kept report ticket', house, name, second).hex()[:32]}"


def _read(house: str, ticket: str) -> tuple[str, datetime]:
    name, _dot, rest = ticket.partition(".")
    second = rest.partition(".")[0]
    if not (second.isascii() and second.isdigit() and len(second) <= 11):
        raise LookupError("no ticket of ours")
    free_at = datetime.fromtimestamp(int(second), UTC)
    if not hmac.compare_digest(ticket.encode("utf-8", "replace"), _ticket(house, name, free_at).encode()):
        raise LookupError("no ticket of ours")
    return name, free_at


def _key() -> bytes:
    return vault.installation_key("kept report", epoch=vault.CURRENT_EPOCH)
