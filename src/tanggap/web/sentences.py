"""Every event as an Indonesian sentence for the record of a case, with who may read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.utils.translation import gettext as _

from tanggap.casework import duties
from tanggap.casework import events as e
from tanggap.casework.state import BACK
from tanggap.web import dates, labels, periods

COMPLAINANT, STAFF = "complainant", "staff"
"""Privacy classes: what the complainant may read of the record, and what only officers of the case may."""

PRIVACY: Mapping[type[e.Event], str] = {
    e.Received: COMPLAINANT,
    e.StepOpened: COMPLAINANT,
    e.StepPassed: COMPLAINANT,
    e.Arrived: STAFF,
    e.StepJoined: STAFF,
    e.PartDone: STAFF,
    e.Taken: STAFF,
    e.HandedBack: STAFF,
    e.Responded: COMPLAINANT,
    e.StepDone: COMPLAINANT,
    e.TakenBack: COMPLAINANT,
    e.Assigned: STAFF,
    e.WaitBegan: COMPLAINANT,
    e.WaitEnded: COMPLAINANT,
    e.WithdrawalProposed: COMPLAINANT,
    e.ProposalEnded: COMPLAINANT,
    e.AttributeSet: STAFF,
    e.RoleBound: STAFF,
    e.Marked: STAFF,
    e.Extended: COMPLAINANT,
    e.TimedOut: STAFF,
    e.Breached: STAFF,
    e.Reminded: STAFF,
    e.Escalated: STAFF,
    e.Answered: COMPLAINANT,
    e.Delivered: COMPLAINANT,
    e.Contacted: COMPLAINANT,
    e.Noted: STAFF,
    e.Linked: STAFF,
    e.Moved: COMPLAINANT,
    e.Migrated: STAFF,
    e.Redirected: STAFF,
    e.Undone: STAFF,
    e.Corrected: STAFF,
    e.Closed: COMPLAINANT,
    e.Reopened: COMPLAINANT,
    e.Disposed: STAFF,
    e.ReportedBack: STAFF,
    e.Recalled: STAFF,
}
"""Who may read that an event of this kind happened. What was written in it has an audience of its own."""


class Names(Protocol):
    """The words for ids that stand in events."""

    def step(self, visit: str) -> str:
        """In words: "langkah 4", "langkah 4, putaran 2"."""

    def row(self, row: str) -> str:
        """In words: "langkah 4"."""

    def posts(self, keys: Sequence[str]) -> str:
        """In words: "Wakil Dekan Bidang Akademik, Operator"."""

    def exit(self, visit: str, exit: str) -> str:
        """The label of an exit as printed."""

    def checked(self, visit: str, numbers: Sequence[str]) -> str:
        """The ticked items of a check-list, as printed."""

    def role(self, role: str) -> str:
        """The label of a column as printed."""

    def attribute(self, name: str) -> str:
        """The label of a fact."""

    def wait(self, wait: str) -> str:
        """The label of the reason of a wait that ended, by the wait's id."""

    def reason(self, reason: str) -> str:
        """The label of a reason to stand still."""

    def disposition(self, disposition: str) -> str:
        """To whom a disposition went."""

    def procedure(self, procedure: str) -> str:
        """The label of a procedure."""

    def stamp(self, moment: datetime) -> str:
        """In words: "20 November 2026, 08.30 WIB"."""

    def clock(self, clock: str) -> str:
        """What a clock counts: "waktu langkah 4"."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the record says of one event: the sentence after the name, and the contents that belong to it.

    ``follows``: a consequence, told in the same breath as the act before it. ``letters``: (content id, manner).
    """

    icon: str
    words: str
    letters: tuple[tuple[str, str], ...] = ()
    follows: bool = False


OURS, THEIRS, INSIDE = "is-ours", "", "is-inside"
"""How a letter is drawn: from the institution, from the complainant, internal."""

_TELLERS: dict[type[e.Event], Callable[[Any, Names], Said]] = {}


def tell(event: e.Event, names: Names) -> Said:
    """The sentence for ``event``. Every kind of event has one."""
    return _TELLERS[type(event)](event, names)


def told_kinds() -> frozenset[type[e.Event]]:
    """The kinds of event that have a sentence."""
    return frozenset(_TELLERS)


def _teller(kind: type[e.Event]) -> Callable[[Callable[[Any, Names], Said]], Callable[[Any, Names], Said]]:
    def register(function: Callable[[Any, Names], Said]) -> Callable[[Any, Names], Said]:
        _TELLERS[kind] = function
        return function

    return register


def _inside(content: str) -> tuple[tuple[str, str], ...]:
    return ((content, INSIDE),) if content else ()


def _first_up(words: str) -> str:
    return words[:1].upper() + words[1:]


@_teller(e.Received)
def _received(event: e.Received, names: Names) -> Said:
    channel = event.attributes.get("channel", "")
    icon = labels.channel_icon(channel)
    if duties.is_internal(event.attributes):
        return Said(icon, _duty_begun(event))
    if channel == "web":
        return Said(icon, _("mengirim laporan melalui formulir web."))
    return Said(icon, _("menyampaikan laporan. Saluran: %(channel)s.") % {"channel": labels.channel(channel)})


def _duty_begun(event: e.Received) -> str:
    period = periods.period_of(event.attributes)
    if duties.EXTRA in event.attributes:
        return _("membuka tugas berkala di luar jadwalnya, %(period)s.") % {"period": period}
    words = _("Tugas berkala dimulai menurut jadwalnya: %(period)s.") % {"period": period}
    return " ".join(filter(None, (words, periods.left_out(event.attributes))))


WHY_PASSED: Mapping[str, Callable[[], str]] = {
    "vacant": lambda: _("jabatan kosong"),
    "respondent": lambda: _("pihak yang dikeluhkan"),
    "independent": lambda: _("mengerjakan yang diperiksa"),
}
"""Why a post was passed over, in words."""


class PostNames(Protocol):
    """Whatever knows posts by name."""

    def posts(self, keys: Sequence[str]) -> str:
        """Several by name."""


def passed_over(instead: Sequence[tuple[str, str]], names: PostNames) -> str:
    """The posts that were passed over, each with the reason: "Wakil Dekan (pihak yang dikeluhkan)"."""
    told = ((names.posts([post]), WHY_PASSED.get(why)) for post, why in instead)
    return ", ".join(f"{post} ({why()})" if why is not None else post for post, why in told)


@_teller(e.StepOpened)
def _step_opened(event: e.StepOpened, names: Names) -> Said:
    step = _first_up(names.step(event.visit))
    posts = [post for group in event.groups for post in group.posts]
    party = next((group.party for group in event.groups if group.party), "")
    if event.instead:
        words = _("%(step)s dimulai, dialihkan dari %(passed)s kepada %(posts)s.") % {
            "step": step, "passed": passed_over(event.instead, names), "posts": names.posts(posts),
        }  # fmt: skip
    elif posts:
        words = _("%(step)s dimulai: %(posts)s.") % {"step": step, "posts": names.posts(posts)}
    elif party == e.COMPLAINANT:
        words = _("%(step)s dimulai: menunggu pelapor.") % {"step": step}
    elif party:
        words = _("%(step)s dimulai: menunggu pihak luar.") % {"step": step}
    else:
        words = _("%(step)s dimulai, tetapi belum ada pelaksananya.") % {"step": step}
    return Said("forward", words, follows=True)


@_teller(e.StepPassed)
def _step_passed(event: e.StepPassed, names: Names) -> Said:
    words = _("%(step)s tidak berlaku untuk laporan ini dan dilewati.")
    return Said("forward", words % {"step": _first_up(names.step(event.visit))}, follows=True)


@_teller(e.Arrived)
def _arrived(event: e.Arrived, names: Names) -> Said:
    words = _("Menunggu jalur lain sebelum %(row)s.") % {"row": names.row(event.row)}
    return Said("clock", words, follows=True)


@_teller(e.StepJoined)
def _step_joined(event: e.StepJoined, names: Names) -> Said:
    words = _("Bergabung dengan %(step)s yang sedang berjalan.") % {"step": names.step(event.visit)}
    return Said("forward", words, follows=True)


@_teller(e.PartDone)
def _part_done(event: e.PartDone, names: Names) -> Said:
    if event.exit:
        words = _("menyatakan pada %(step)s: %(exit)s. Menunggu pelaksana lain.")
        return Said("check", words % {"step": names.step(event.visit), "exit": names.exit(event.visit, event.exit)})
    words = _("menyelesaikan bagiannya pada %(step)s. Menunggu pelaksana lain.")
    return Said("check", words % {"step": names.step(event.visit)})


@_teller(e.Taken)
def _taken(event: e.Taken, names: Names) -> Said:
    return Said("people", _("mengerjakan %(step)s.") % {"step": names.step(event.visit)})


@_teller(e.HandedBack)
def _handed_back(event: e.HandedBack, names: Names) -> Said:
    return Said("people", _("melepaskan %(step)s kepada rekannya.") % {"step": names.step(event.visit)})


@_teller(e.Responded)
def _responded(event: e.Responded, names: Names) -> Said:
    return Said("check", _("memberi respons pertama pada %(step)s.") % {"step": names.step(event.visit)})


_DONE: Mapping[str, Callable[[], str]] = {
    "confirmed": lambda: _("menyatakan menerima pada %(step)s%(choice)s."),
    "on_behalf": lambda: _("mencatat penyelesaian %(step)s atas nama pihak lain%(choice)s."),
    "delivered": lambda: _("%(step)s selesai dengan bukti terima."),
    "lapsed": lambda: _("%(step)s selesai karena batas waktunya lewat%(choice)s."),
    "skipped": lambda: _("melewati %(step)s dengan alasan."),
    "received": lambda: _("%(step)s selesai dengan diterimanya laporan."),
    "acted": lambda: _("menyelesaikan %(step)s%(choice)s."),
}


def _late(minutes: int | None) -> str:
    """How late it was, in working time; nothing when it was not."""
    if minutes is None:
        return ""
    return " " + _("Lewat waktu %(time)s.") % {"time": dates.spent(timedelta(minutes=minutes))}


@_teller(e.StepDone)
def _step_done(event: e.StepDone, names: Names) -> Said:
    choice = f": {names.exit(event.visit, event.exit)}" if event.exit else ""
    by_itself = event.how in ("delivered", "lapsed", "received")
    step = names.step(event.visit)
    words = _DONE.get(event.how, _DONE["acted"])() % {"step": _first_up(step) if by_itself else step, "choice": choice}
    if event.checked:
        words += " " + _("Kelengkapan: %(checked)s.") % {"checked": names.checked(event.visit, event.checked)}
    if event.batch:
        words += " " + _("Diputuskan bersama laporan lain.")
    words += _late(event.late_minutes)
    return Said("check", words, _inside(event.reason), follows=event.how == "received")


_TAKEN_BACK: Mapping[str, Callable[[], str]] = {
    "returned": lambda: _("Yang sedang berjalan ditarik karena dikembalikan: %(steps)s."),
    "redirected": lambda: _("Ditarik karena dialihkan: %(steps)s."),
    "moved": lambda: _("Ditarik karena pindah prosedur: %(steps)s."),
    "closed": lambda: _("Berakhir bersama laporan: %(steps)s."),
}


@_teller(e.TakenBack)
def _taken_back(event: e.TakenBack, names: Names) -> Said:
    steps = ", ".join(names.step(visit) for visit in event.visits)
    words = _TAKEN_BACK.get(event.why, _TAKEN_BACK["returned"])() % {"steps": steps}
    return Said("back", words if steps else _("Jalur yang menunggu dibatalkan."), follows=True)


@_teller(e.Assigned)
def _assigned(event: e.Assigned, names: Names) -> Said:
    posts = [post for group in event.groups for post in group.posts]
    if event.why == "assigned":
        words = _("menugaskan %(step)s kepada %(posts)s.")
        return Said("people", words % {"step": names.step(event.visit), "posts": names.posts(posts)})
    told = {"step": names.step(event.visit), "posts": names.posts(posts), "passed": passed_over(event.instead, names)}
    words = _("Pelaksana %(step)s sekarang %(posts)s.")
    if event.instead and posts:
        words = _("Pelaksana %(step)s sekarang %(posts)s, dialihkan dari %(passed)s.")
    elif not posts:
        words = _("%(step)s kini tidak mempunyai pelaksana; koordinator yang menanganinya.")
        told["step"] = _first_up(told["step"])
    return Said("people", words % told, follows=True)


@_teller(e.WaitBegan)
def _wait_began(event: e.WaitBegan, names: Names) -> Said:
    words = _("menghentikan waktu %(step)s: %(reason)s.")
    if event.until is not None:
        words = _("menghentikan waktu %(step)s sampai %(until)s: %(reason)s.")
    reason = names.reason(event.reason)
    until = names.stamp(event.until) if event.until else ""
    letters = ((event.message, OURS),) if event.message else ()
    return Said("pause", words % {"step": names.step(event.visit), "reason": reason, "until": until}, letters)


_WAIT_ENDED: Mapping[str, Callable[[], str]] = {
    "contact": lambda: _("Waktu berjalan kembali karena pelapor memberi kabar."),
    "resumed": lambda: _("menjalankan kembali waktu (%(reason)s)."),
    "lapsed": lambda: _("Batas tunggu lewat: %(reason)s."),
    "acted": lambda: _("Waktu tunggu berakhir."),
    "taken_back": lambda: _("Waktu tunggu berakhir bersama langkahnya."),
}


@_teller(e.WaitEnded)
def _wait_ended(event: e.WaitEnded, names: Names) -> Said:
    words = _WAIT_ENDED.get(event.why, _WAIT_ENDED["acted"])() % {"reason": names.wait(event.wait)}
    return Said("play", words, follows=event.why != "resumed")


@_teller(e.WithdrawalProposed)
def _withdrawal_proposed(event: e.WithdrawalProposed, names: Names) -> Said:
    words = _("Pelapor tidak memberi kabar sampai batas waktunya. Diusulkan: laporan dianggap dicabut.")
    return Said("pause", words, follows=True)


_PROPOSAL_ENDED: Mapping[str, Callable[[], str]] = {
    "accepted": lambda: _("menerima usul: laporan dianggap dicabut."),
    "continued": lambda: _("melanjutkan penanganan; usul dianggap dicabut tidak diterima."),
    "contact": lambda: _("Usul dianggap dicabut gugur karena pelapor memberi kabar."),
    "asked": lambda: _("Usul dianggap dicabut gugur: pelapor diminta sekali lagi."),
}


@_teller(e.ProposalEnded)
def _proposal_ended(event: e.ProposalEnded, names: Names) -> Said:
    words = _PROPOSAL_ENDED.get(event.why, _PROPOSAL_ENDED["continued"])()
    return Said("play", words, _inside(event.reason), follows=event.why in ("contact", "asked"))


@_teller(e.AttributeSet)
def _attribute_set(event: e.AttributeSet, names: Names) -> Said:
    words = _("mencatat %(name)s: %(value)s.") % {"name": names.attribute(event.name), "value": event.value}
    return Said("tag", words, _inside(event.reason))


@_teller(e.RoleBound)
def _role_bound(event: e.RoleBound, names: Names) -> Said:
    words = _("menetapkan %(role)s: %(posts)s.") % {"role": names.role(event.role), "posts": names.posts(event.posts)}
    return Said("people", words, _inside(event.reason))


@_teller(e.Marked)
def _marked(event: e.Marked, names: Names) -> Said:
    return Said("tag", _("Saat “%(name)s” dicatat.") % {"name": event.name.replace("_", " ")}, follows=True)


@_teller(e.Extended)
def _extended(event: e.Extended, names: Names) -> Said:
    more = event.by or (names.stamp(event.until) if event.until else "")
    words = _("memperpanjang %(clock)s: %(more)s.") % {"clock": names.clock(event.target), "more": more}
    return Said("clock", words, _inside(event.reason))


@_teller(e.TimedOut)
def _timed_out(event: e.TimedOut, names: Names) -> Said:
    words = _("Batas waktu %(step)s tercapai pada %(due)s.")
    return Said("clock", words % {"step": names.step(event.visit), "due": names.stamp(event.due)})


@_teller(e.Breached)
def _breached(event: e.Breached, names: Names) -> Said:
    words = _("Lewat waktu: %(clock)s berakhir %(due)s.")
    return Said("late", words % {"clock": names.clock(event.clock), "due": names.stamp(event.due)})


@_teller(e.Reminded)
def _reminded(event: e.Reminded, names: Names) -> Said:
    words = _("Pelaksana diingatkan: %(cause)s (%(clock)s).")
    return Said("clock", words % {"cause": labels.cause(event.cause), "clock": names.clock(event.clock)})


@_teller(e.Escalated)
def _escalated(event: e.Escalated, names: Names) -> Said:
    told = {
        "level": event.level, "cause": labels.cause(event.cause), "clock": names.clock(event.clock),
        "posts": names.posts(event.posts), "passed": passed_over(event.instead, names),
    }  # fmt: skip
    if not event.posts:
        words = _("Eskalasi tingkat %(level)d, tetapi tidak ada atasan yang dapat dihubungi: %(cause)s (%(clock)s).")
    elif event.instead:
        words = _("Eskalasi tingkat %(level)d kepada %(posts)s, melewati %(passed)s: %(cause)s (%(clock)s).")
    else:
        words = _("Eskalasi tingkat %(level)d kepada %(posts)s: %(cause)s (%(clock)s).")
    return Said("up", words % told)


@_teller(e.Answered)
def _answered(event: e.Answered, names: Names) -> Said:
    return Said("mail", _("menjawab pelapor."), ((event.message, OURS),))


@_teller(e.Delivered)
def _delivered(event: e.Delivered, names: Names) -> Said:
    if event.ok:
        return Said("check", _("Jawaban diterima pelapor."), _inside(event.proof))
    return Said("late", _("Jawaban gagal disampaikan kepada pelapor."), _inside(event.proof))


@_teller(e.Contacted)
def _contacted(event: e.Contacted, names: Names) -> Said:
    letters = ((event.message, THEIRS),) if event.message else ()
    words = _("memberi kabar. Saluran: %(channel)s.") % {"channel": labels.channel(event.channel)}
    return Said(labels.channel_icon(event.channel), words, letters)


@_teller(e.Noted)
def _noted(event: e.Noted, names: Names) -> Said:
    if event.audience == COMPLAINANT:
        return Said("message", _("menulis kepada pelapor."), ((event.message, OURS),))
    return Said("lock", _("menulis catatan internal."), ((event.message, INSIDE),))


@_teller(e.Linked)
def _linked(event: e.Linked, names: Names) -> Said:
    if event.relation.startswith(BACK):
        words = _("dirujuk oleh kasus lain: %(relation)s.")
        return Said("link", words % {"relation": event.relation.removeprefix(BACK).replace("_", " ")})
    return Said(
        "link",
        _("menghubungkan kasus lain: %(relation)s.")
        % {"relation": labels.RELATIONS.get(event.relation, event.relation)},
    )


@_teller(e.Moved)
def _moved(event: e.Moved, names: Names) -> Said:
    words = _("memindahkan laporan ke prosedur %(procedure)s.") % {"procedure": names.procedure(event.procedure)}
    return Said("forward", words, _inside(event.reason))


@_teller(e.Migrated)
def _migrated(event: e.Migrated, names: Names) -> Said:
    return Said("file", _("melanjutkan laporan dengan versi SOP yang baru."))


@_teller(e.Redirected)
def _redirected(event: e.Redirected, names: Names) -> Said:
    words = _("menyimpang dari SOP: dari %(step)s ke %(row)s.")
    return Said("forward", words % {"step": names.step(event.visit), "row": names.row(event.to)}, _inside(event.reason))


@_teller(e.Undone)
def _undone(event: e.Undone, names: Names) -> Said:
    return Said("back", _("membatalkan penyelesaian %(step)s.") % {"step": names.step(event.visit)})


@_teller(e.Corrected)
def _corrected(event: e.Corrected, names: Names) -> Said:
    words = _("membetulkan waktu catatan nomor %(seq)d menjadi %(moment)s.")
    return Said("pen", words % {"seq": event.seq, "moment": names.stamp(event.moment)}, _inside(event.reason))


@_teller(e.Closed)
def _closed(event: e.Closed, names: Names) -> Said:
    words = _("Laporan berakhir: %(outcome)s.") % {"outcome": str(labels.outcome(event.outcome)).lower()}
    if not event.answered:
        words += " " + _("Tanpa jawaban kepada pelapor.")
    return Said("end", words, _inside(event.why), follows=not event.why)


@_teller(e.Reopened)
def _reopened(event: e.Reopened, names: Names) -> Said:
    words = _("membuka kembali laporan pada %(row)s.") % {"row": names.row(event.row)}
    return Said("back", words, ((event.reason, THEIRS),) if event.reason else ())


@_teller(e.Disposed)
def _disposed(event: e.Disposed, names: Names) -> Said:
    words = _("memberi %(nature)s kepada %(posts)s (%(urgency)s).") % {
        "nature": str(labels.NATURES.get(event.nature, event.nature)).lower(),
        "posts": names.posts(event.to),
        "urgency": str(labels.URGENCIES.get(event.urgency, event.urgency)).lower(),
    }
    if event.instructions:
        ticks = [str(labels.INSTRUCTIONS.get(tick, tick)).lower() for tick in event.instructions]
        words += " " + _("Dengan hormat harap: %(ticks)s.") % {"ticks": "; ".join(ticks)}
    if event.until is not None:
        words += " " + _("Batas: %(until)s.") % {"until": names.stamp(event.until)}
    return Said("people", words, _inside(event.note))


@_teller(e.ReportedBack)
def _reported_back(event: e.ReportedBack, names: Names) -> Said:
    letters = tuple((content, INSIDE) for content in (event.answer, *event.evidence) if content)
    words = _("melaporkan hasil disposisi (%(to)s).") % {"to": names.disposition(event.disposition)}
    return Said("check", words + _late(event.late_minutes), letters)


@_teller(e.Recalled)
def _recalled(event: e.Recalled, names: Names) -> Said:
    words = _("menarik kembali disposisi (%(to)s).") % {"to": names.disposition(event.disposition)}
    return Said("back", words, _inside(event.reason))
