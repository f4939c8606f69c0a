"""Lets what has arrived become cases: a stored delivery is claimed, read in a limited child, and absorbed.

One delivery that cannot be read holds up nobody for more than seconds: what was never tried goes first, and after
three tries a person sees it. Where :mod:`tanggap.actions.inbox` has a delivery, nothing that happens here loses it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread

from django.db import DatabaseError, InterfaceError, OperationalError, connection, connections

from tanggap.actions import channel_accounts, inbox
from tanggap.actions.absorbing import NotNow, absorb
from tanggap.actions.arrived import Arrived, Became
from tanggap.actions.inbox import Claim
from tanggap.actions.intake import NoProcedure
from tanggap.actions.quarantine import quarantine
from tanggap.channels import directory
from tanggap.records.deliveries import Gone, raw_of
from tanggap.worker.reading import Child, Read, Unable, Unread, named_by
from tanggap.worker.rounds import keep_looking

BATCH = 50
LANES = 2
"""So many deliveries are read at the same time where the database has more than one writer."""
_LONGEST_PAUSE = 2.0  # whoever writes by chat is not kept waiting for the next look round
_DATABASE_AWAY = (OperationalError, InterfaceError)  # the others say something about what was to be written
_GONE_FOR = timedelta(hours=1)
_RENEW = timedelta(seconds=10)
_SOON, _LATER = timedelta(seconds=1), timedelta(minutes=1)

_log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


@dataclass(slots=True)
class Round:
    """What one look round did. ``more``: as many waited as are looked at."""

    looked: int = 0
    read: int = 0
    quarantined: int = 0
    more: bool = False


def run(stop: Event, clock: Clock, *, seconds: float) -> None:
    """Look round until ``stop`` is set, with a child that lives as long; on PostgreSQL twice at the same time, so that
    one goes on while the other waits for the disk. SQLite has one writer.
    """
    lanes = LANES if connection.vendor == "postgresql" else 1
    others = [
        Thread(target=_run, args=(stop, clock), kwargs={"seconds": seconds, "lane": lane}, daemon=True)
        for lane in range(1, lanes)
    ]
    for thread in others:
        thread.start()
    _run(stop, clock, seconds=seconds, lane=0 if others else None)
    for thread in others:
        thread.join()


def _run(stop: Event, clock: Clock, *, seconds: float, lane: int | None) -> None:
    child = Child()
    try:
        pause = min(seconds, _LONGEST_PAUSE)
        keep_looking(stop, lambda: look_round(clock, child, lane=lane).more, seconds=pause, what="deliveries")
    finally:
        child.close()
        connections.close_all()


def drain(clock: Clock) -> int:
    """Look round until nothing more can be read now; how many deliveries were."""
    child, read = Child(), 0
    try:
        while True:
            found = look_round(clock, child)
            read += found.read + found.quarantined
            if not found.looked:
                return read
    finally:
        child.close()


def look_round(clock: Clock, child: Child, *, limit: int = BATCH, lane: int | None = None) -> Round:
    """Read what waits. One delivery that fails never holds up the others.

    ``lane``: whoever looks at the same time begins with others.
    """
    found = inbox.due(at=clock(), limit=limit)
    done = Round(more=len(found) == limit)
    mine = found if lane is None else found[lane::LANES]
    for pk in dict.fromkeys((*mine, *found)):
        claim = inbox.claim(pk, at=clock())
        if claim is None:
            continue
        done.looked += 1
        try:
            _try(claim, child, clock, done)
        except NoProcedure:
            says = "lembaga ini belum mempunyai SOP yang berlaku: kiriman menunggu"
            channel_accounts.trouble(claim.account.pk, at=clock(), why=says)
            inbox.postpone(claim, until=clock() + _LATER)
    return done


def _try(claim: Claim, child: Child, clock: Clock, done: Round) -> None:
    try:
        _one(claim, child, clock, done)
    except NoProcedure:
        raise  # nothing is wrong with the delivery: it is read again when this is put right
    except _DATABASE_AWAY:
        with suppress(DatabaseError, InterfaceError):  # it may be back, or gone: then the lease ends
            inbox.postpone(claim, until=clock() + _SOON)
        raise
    except Unable as unable:
        _ours(claim, unable.why, clock, done, always=unable.always)
    except (OSError, MemoryError) as error:
        _log.exception("delivery %s could not be absorbed for now", claim.row.pk)
        _ours(claim, f"kiriman tidak dapat diolah di mesin ini ({type(error).__name__})", clock, done)
    except Exception as error:  # noqa: BLE001  whatever is wrong with one delivery, the others are to be read too
        _log.exception("delivery %s could not be absorbed", claim.row.pk)
        _not_read(claim, f"gagal diolah: {type(error).__name__}", clock, done)


def _one(claim: Claim, child: Child, clock: Clock, done: Round) -> None:
    """One delivery, from the claim to what became of it."""
    if claim.attempt > inbox.TRIES:  # whoever read it was killed each time
        _set_aside(claim, claim.row.why or "pembacanya berulang kali berhenti", clock, done)
        return
    module = directory.readable().get(claim.account.channel)
    if module is None:
        _not_read(claim, f"kanal {claim.account.channel} tidak dikenal", clock, done)
        return
    try:
        raw = raw_of(claim.row)
        original = getattr(module, "ORIGINAL", "")
        read = child.read(claim.account.channel, raw, claim.account.settings, original=original, named=named_by(module))
    except Gone:
        says = "berkas kiriman tidak dapat dibaca dari penyimpanan: periksa folder data dan kunci"
        _ours(claim, says, clock, done)
    except Unread as unread:
        _not_read(claim, unread.why, clock, done)
    else:
        _absorb(claim, read, clock, done)


def _ours(claim: Claim, why: str, clock: Clock, done: Round, *, always: bool = False) -> None:
    """Not the delivery's fault: no try of it. It waits, and its account says why; what only this one meets is a try
    again after an hour, so that a person sees it (``always``: every delivery meets it).
    """
    channel_accounts.trouble(claim.account.pk, at=clock(), why=why)
    if not always and clock() - claim.row.received_at > _GONE_FOR:
        _not_read(claim, why, clock, done)
        return
    _log.error("delivery %s waits: %s", claim.row.pk, why)
    inbox.postpone(claim, until=clock() + _LATER)


def _absorb(claim: Claim, read: Read, clock: Clock, done: Round) -> None:
    known, wait_until, held_at, ends = 0, None, claim.at, _Ending(claim, read, clock)
    for position, arrived in enumerate(read.arrivals):
        if clock() - held_at > _RENEW:
            held_at = clock()
            if not inbox.hold(claim, at=held_at):
                return  # we were away too long: another worker has it
        try:
            became = _absorbed(claim, arrived, position, clock(), ends)
        except NotNow:
            wait_until = clock() + _SOON
            continue
        known += became.known
        wait_until = became.wait_until or wait_until
    if wait_until is not None:
        inbox.postpone(claim, until=max(wait_until, clock() + _SOON))
        return
    if read.faults:
        _set_aside(claim, "; ".join(read.faults), clock, done, found=len(read.arrivals), known=known)
        return
    if known or not ends.written:
        inbox.done(claim, at=clock(), found=len(read.arrivals), known=known)
    done.read += 1


def _absorbed(claim: Claim, arrived: Arrived, position: int, at: datetime, ends: _Ending) -> Became:
    """The words never wait for their files: where these cannot be written they come later (F22)."""
    try:
        return absorb(claim.row, arrived, position=position, at=at, beside=ends)
    except OSError:
        if not arrived.all_files:
            raise
        _log.exception("files cannot be written: the message is kept without them for now")
        return absorb(claim.row, arrived.without_files(), position=position, at=at, beside=ends)


class _Ending:
    """A delivery that holds one arrival is done in the transaction of that arrival: one less to wait for."""

    def __init__(self, claim: Claim, read: Read, clock: Clock) -> None:
        self._claim, self._clock = claim, clock
        self._alone = len(read.arrivals) == 1 and not read.faults
        self.written = False

    def __call__(self) -> None:
        """Inside the transaction; once more when that was rolled back and is tried again."""
        if self._alone:
            self.written = inbox.done(self._claim, at=self._clock(), found=1, known=0)


def _not_read(claim: Claim, why: str, clock: Clock, done: Round) -> None:
    """Again in a while; after the third time a person must look at it."""
    if claim.attempt < inbox.TRIES:
        inbox.failed(claim, at=clock(), why=why)
    else:
        _set_aside(claim, why, clock, done)


def _set_aside(claim: Claim, why: str, clock: Clock, done: Round, *, found: int = 0, known: int = 0) -> None:
    name = getattr(directory.readable().get(claim.account.channel), "ORIGINAL", "")
    quarantine(claim, at=clock(), why=why, name=name, found=found, known=known)
    done.quarantined += 1
