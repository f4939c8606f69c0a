"""Fetches the files of messages from where they lie: a platform, from its own hosts alone, or the stored delivery."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Event
from types import ModuleType

from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.db import connections

from tanggap.actions import channel_accounts, remote_files
from tanggap.actions.contents import TooLarge, Upload
from tanggap.actions.remote_files import Claim
from tanggap.channels import directory
from tanggap.channels.arrivals import Part
from tanggap.channels.contract import Call, Reply
from tanggap.records.deliveries import Gone, raw_of
from tanggap.worker.calling import Caller, CannotReach
from tanggap.worker.reading import Child, Unread, named_by
from tanggap.worker.rounds import keep_looking

BATCH = 20
_LONGEST_PAUSE = 2.0
_NEVER = frozenset({"address", "host", "large"})
"""What no second try would change."""

_log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


class _NotHad(Exception):
    """The file could not be had. ``never``: it will not be had later either."""

    def __init__(self, why: str, *, never: bool = False, after: float = 0.0) -> None:
        super().__init__(why)
        self.why, self.never, self.after = why, never, after


def run(stop: Event, clock: Clock, *, seconds: float) -> None:
    """Look round until ``stop`` is set, in a thread of its own: a file that takes long delays no message."""
    caller, child = Caller(), Child()
    try:

        def look() -> bool:
            look_round(clock, caller, child, going_on=lambda: not stop.is_set())
            return False

        keep_looking(stop, look, seconds=min(seconds, _LONGEST_PAUSE), what="files")
    finally:
        child.close()
        connections.close_all()


def look_round(clock: Clock, caller: Caller, child: Child, *, going_on: Callable[[], bool] = lambda: True) -> int:
    """Fetch what may be fetched; how many files came. One that cannot be had holds up no other."""
    came = 0
    for pk in remote_files.due(at=clock(), limit=BATCH):
        if not going_on():
            break
        claim = remote_files.claim(pk, at=clock())
        if claim is not None:
            came += _one(claim, caller, child, clock)
    return came


def _one(claim: Claim, caller: Caller, child: Child, clock: Clock) -> bool:
    try:
        upload = _from_delivery(claim, child) if claim.remote.place >= 0 else _from_platform(claim, caller)
        remote_files.fetched(claim, upload, at=clock())
    except _NotHad as reason:
        if reason.never:
            remote_files.gone(claim, at=clock(), why=reason.why)
        else:
            remote_files.later(claim, at=clock(), why=reason.why, after=timedelta(seconds=reason.after))
    except TooLarge:
        remote_files.gone(claim, at=clock(), why="large")
    except DatabaseTrouble:
        raise
    except OSError:
        _log.exception("a file that was fetched cannot be written")
        remote_files.later(claim, at=clock(), why="store")
    except Exception:  # noqa: BLE001  whatever is wrong with one file, the others are fetched
        _log.exception("file %s could not be fetched", claim.row.pk)
        remote_files.later(claim, at=clock(), why="broken")
    else:
        return True
    return False


def _from_platform(claim: Claim, caller: Caller) -> Upload:
    module = directory.modules().get(claim.account.channel)
    if module is None or not hasattr(module, "file_call"):
        raise _NotHad("channel", never=True)
    chosen = channel_accounts.settings_of(claim.account)
    remote = claim.remote
    reply = _reached(
        caller, module, chosen, module.file_call(Part(remote.name, remote.media_type, None, remote.id), chosen)
    )
    if hasattr(module, "file_next"):
        following = module.file_next(reply, chosen)
        if following is None and reply.headers.get("content-type", "").startswith("application/json"):
            raise _NotHad("nothing")
        reply = _reached(caller, module, chosen, following) if following is not None else reply
    return Upload(remote.name, reply.body)


def _reached(caller: Caller, module: ModuleType, chosen: Mapping[str, str], call: Call) -> Reply:
    hosts = (*module.FILE_HOSTS, *module.hosts(chosen))
    try:
        reply = caller.reach(call, hosts=hosts, most=settings.TANGGAP_FILE_MEGABYTES * 1024 * 1024)
    except CannotReach as error:
        raise _NotHad(error.why, never=error.why in _NEVER) from None
    if reply.status != 200:
        wait = reply.headers.get("retry-after", "")
        raise _NotHad(f"HTTP {reply.status}", after=min(float(wait), 86_400.0) if wait.isdecimal() else 0.0)
    return reply


def _from_delivery(claim: Claim, child: Child) -> Upload:
    """The file stood in the delivery, and could not be written when its message was absorbed."""
    module = directory.readable().get(claim.account.channel)
    if module is None:
        raise _NotHad("channel")
    try:
        read = child.read(
            claim.account.channel, raw_of(claim.delivery), claim.account.settings,
            original=getattr(module, "ORIGINAL", ""), named=named_by(module),
        )  # fmt: skip
        return read.arrivals[claim.row.item.position].all_files[claim.remote.place]
    except (Gone, Unread, IndexError):
        raise _NotHad("delivery") from None
