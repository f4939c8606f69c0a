"""What the institution waits for from the complainant: until when, and what silence brings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from django.utils.translation import gettext as _

from tanggap.casework.state import Status, Waiting
from tanggap.casework.waits import asks_complainant
from tanggap.records.queries import TrackedCase
from tanggap.web import dates

_SILENCE: Mapping[str, Callable[[], str]] = {
    "propose": lambda: _(
        "Mohon beri kabar paling lambat %(until)s. Bila sampai saat itu tidak ada kabar sama sekali, petugas dapat "
        "memutuskan bahwa laporan ini dianggap dicabut."
    ),
    "close": lambda: _("Mohon beri kabar paling lambat %(until)s. Bila tidak ada kabar, laporan ini ditutup."),
}


def awaited(found: TrackedCase) -> list[str]:
    """One sentence for everything that waits for the complainant, or that is proposed because nothing came."""
    if found.state.status is not Status.OPEN:
        return []
    return [*_running(found), *_proposed(found)]


def _running(found: TrackedCase) -> Iterator[str]:
    for wait in found.state.waits.values():
        if wait.to is None and asks_complainant(wait, found.shelf.sops):
            yield _silence(found, wait)


def _silence(found: TrackedCase, wait: Waiting) -> str:
    if wait.until is None:
        return _("Penanganan dilanjutkan begitu Anda memberi kabar.")
    then = wait.then or found.sop.wait(wait.reason).then
    goes_on = _("Mohon beri kabar paling lambat %(until)s. Sesudah itu penanganan dilanjutkan dengan yang ada.")
    words = _SILENCE[then]() if then in _SILENCE else goes_on
    return words % {"until": dates.stamp(wait.until, found.institution.zone)}


def _proposed(found: TrackedCase) -> Iterator[str]:
    words = _(
        "Kabar dari Anda ditunggu sampai %(until)s dan belum ada. Petugas diminta memutuskan apakah laporan ini "
        "dianggap dicabut. Tulis pesan sekarang agar penanganan dilanjutkan."
    )
    for visit in found.state.open_visits():
        wait = found.state.proposal(visit.id)
        if wait is not None and wait.proposed_at is not None:
            yield words % {"until": dates.stamp(wait.until or wait.proposed_at, found.institution.zone)}
