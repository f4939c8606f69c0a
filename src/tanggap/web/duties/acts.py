"""The forms of the case page as commands: one function for each verb, from what was typed to what is wished."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from tanggap.actions.contents import new_content
from tanggap.casework import commands as c
from tanggap.casework.performers import RESPONDENT
from tanggap.records.contents import NewContent
from tanggap.records.queries import CasePage, Reader
from tanggap.sop.model import Party, Step
from tanggap.web import dates, labels, page
from tanggap.web.uploads import uploads

OUTCOMES = ("not_ours", "handed_over", "archived", "deemed_withdrawn", "finished")
"""How a coordinator may end a case outside its rows, in the order offered."""


class Incomplete(Exception):
    """The form needs something: sentence by field."""

    def __init__(self, **errors: str) -> None:
        super().__init__(errors)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks for. ``visit``: the step card it stands on; ``mirror``: what another case is told of it."""

    command: c.Command
    contents: tuple[NewContent, ...] = ()
    visit: str = ""
    happened: datetime | None = None
    done: str = ""
    mirror: tuple[UUID, c.Command] | None = None


@dataclass(slots=True)
class Form:
    """One posted form, read with the case it is about."""

    request: HttpRequest
    case: CasePage
    reader: Reader
    contents: list[NewContent] = field(default_factory=list)

    @property
    def post(self) -> QueryDict:
        """The fields."""
        return self.request.POST

    @property
    def row(self) -> Step | None:
        """The row of the step card the form stands on, whatever became of its visit."""
        row = self.word("visit").rpartition("#")[0]
        procedures = (self.case.procedure, *self.case.sop.procedures)
        return next((step for procedure in procedures for step in procedure.steps if step.id == row), None)

    def word(self, name: str) -> str:
        """A field without the spaces round it."""
        return (self.post.get(name) or "").strip()

    def one_of(self, name: str, known: Collection[str], otherwise: str) -> str:
        """A field whose values a page offers: anything else is read as ``otherwise``, for events hold no free text."""
        return typed if (typed := self.word(name)) in known else otherwise

    def content(
        self, kind: str, name: str, *, audience: str = "internal", medium: str = "", files: bool = False
    ) -> str:
        """The id of what was written into ``name`` (and of the files sent with it); empty when nothing was."""
        text = self.post.get(name) or ""
        sent = uploads(self.request, "files") if files else ()
        if not text.strip() and not sent:
            return ""
        made = new_content(
            kind, text, author=self.case.actor.person, key=f"{self.word('key')}/{name}", audience=audience,
            medium=medium, files=sent,
        )  # fmt: skip
        self.contents.append(made)
        return made.id

    def moment(self, name: str) -> datetime | None:
        """A date and time as typed on the clocks of the institution. Raises :class:`Incomplete`."""
        typed = self.word(name)
        if not typed:
            return None
        try:
            return dates.typed(typed, self.case.institution.zone)
        except ValueError:
            raise Incomplete(**{name: _("Tulis tanggal dan jam, misalnya 2026-11-20 08:30.")}) from None

    def wish(self, command: c.Command, done: str, *, happened: datetime | None = None) -> Wish:
        """The command with everything written beside it."""
        return Wish(command, tuple(self.contents), self.word("visit") or self.word("parent"), happened, done)


def _complete(form: Form) -> Wish:
    # Read by the SOP, never by what is offered now: a form sent twice must be the same wish twice.
    visit, choice, step = form.word("visit"), form.word("choice"), form.row
    chosen = next((one for one in step.choices if one.id == choice), None) if step is not None else None
    answers = step is not None and (step.record == "answer" or (chosen is not None and chosen.answers))
    answer = ""
    if answers:
        medium = form.one_of("medium", labels.media(form.case.sop), "web")
        answer = form.content("answer", "answer", audience="complainant", medium=medium, files=True)
    reason = form.content("reason" if chosen is not None and chosen.reason else "note", "reason", files=not answers)
    sets = {name.removeprefix("set-"): form.word(name) for name in form.post if name.startswith("set-")}
    binds = {
        name.removeprefix("bind-"): tuple(filter(None, form.post.getlist(name)))
        for name in form.post
        if name.startswith("bind-")
    }
    command = c.Complete(
        visit, choice=choice, reason=reason, answer=answer, sets={name: value for name, value in sets.items() if value},
        binds={role: posts for role, posts in binds.items() if posts}, checked=tuple(form.post.getlist("needs")),
    )  # fmt: skip
    return form.wish(command, _("Langkah selesai dan tercatat."), happened=form.moment("happened"))


def _take(form: Form) -> Wish:
    return form.wish(c.Take(form.word("visit")), _("Tercatat: Anda mengerjakan langkah ini."))


def _hand_back(form: Form) -> Wish:
    return form.wish(c.HandBack(form.word("visit")), _("Tercatat: langkah ini kembali kepada semua pelaksananya."))


def _skip(form: Form) -> Wish:
    command = c.Skip(form.word("visit"), form.content("reason", "reason"))
    return form.wish(command, _("Langkah dilewati; alasannya tercatat."))


def _respond(form: Form) -> Wish:
    return form.wish(c.Respond(form.word("visit")), _("Respons pertama tercatat."))


def _wait(form: Form) -> Wish:
    reason = form.word("wait")
    waits = {wait.id: wait for wait in form.case.sop.reasons_to_wait}
    asks = reason in waits and waits[reason].waits_for == "complainant"
    message = form.content("question", "message", audience="complainant" if asks else "internal", medium="web")
    if asks and not message:
        raise Incomplete(message=_("Tuliskan apa yang diminta dari pelapor."))
    command = c.Wait(form.word("visit"), reason, form.moment("until"), message)
    return form.wish(command, _("Waktu berhenti; permintaan tampak di halaman Lacak pelapor."))


def _resume(form: Form) -> Wish:
    return form.wish(c.Resume(form.word("visit")), _("Waktu berjalan kembali."))


def _deem_withdrawn(form: Form) -> Wish:
    command = c.DeemWithdrawn(form.word("visit"), form.content("reason", "reason", audience="complainant"))
    return form.wish(command, _("Laporan dianggap dicabut; alasannya dapat dibaca pelapor."))


def _go_on(form: Form) -> Wish:
    command = c.GoOn(form.word("visit"), form.content("reason", "reason"))
    return form.wish(command, _("Penanganan dilanjutkan."))


def _assign(form: Form) -> Wish:
    posts = tuple(filter(None, form.post.getlist("to")))
    return form.wish(c.Assign(form.word("visit"), posts, form.word("group")), _("Tugas sudah dialihkan."))


def _dispose(form: Form) -> Wish:
    command = c.Dispose(
        form.word("parent"),
        tuple(filter(None, form.post.getlist("to"))),
        nature=form.one_of("nature", labels.NATURES, "disposisi"),
        urgency=form.one_of("urgency", labels.URGENCIES, "biasa"),
        instructions=tuple(tick for tick in form.post.getlist("instructions") if tick in labels.INSTRUCTIONS),
        note=form.content("instruction", "note"),
        standard=form.word("standard"),
        until=form.moment("until"),
        each=True,
        later=bool(form.word("later")),
    )
    return form.wish(command, _("Disposisi terkirim."))


def _report_back(form: Form) -> Wish:
    answer = form.content("note", "answer", files=True)
    if not answer:
        raise Incomplete(answer=_("Tuliskan hasilnya."))
    return form.wish(c.ReportBack(form.word("disposition"), answer), _("Hasil disposisi dilaporkan."))


def _recall(form: Form) -> Wish:
    command = c.Recall(form.word("disposition"), form.content("reason", "reason"))
    return form.wish(command, _("Disposisi ditarik kembali."))


def _redirect(form: Form) -> Wish:
    command = c.Redirect(form.word("visit"), form.word("row"), form.content("reason", "reason"))
    return form.wish(command, _("Langkah dialihkan; penyimpangan dari SOP tercatat."))


def _undo(form: Form) -> Wish:
    return form.wish(c.Undo(form.word("visit")), _("Penyelesaian dibatalkan."))


def _correct(form: Form) -> Wish:
    moment, entry = form.moment("moment"), page.whole_number(form.word("entry"))
    if moment is None or entry is None:
        raise Incomplete(moment=_("Tulis waktu yang benar."))
    command = c.Correct(entry, moment, form.content("reason", "reason"))
    return form.wish(command, _("Waktu dibetulkan; catatan yang lama tetap terbaca."))


def _close(form: Form) -> Wish:
    outcome = form.one_of("outcome", OUTCOMES, "archived")
    command = c.Close(outcome, form.content("reason", "reason", audience="complainant"))
    return form.wish(command, _("Laporan diakhiri."))


def _reopen(form: Form) -> Wish:
    command = c.Reopen(form.content("reason", "reason"), form.word("row"))
    return form.wish(command, _("Laporan dibuka kembali."))


def _write(form: Form) -> Wish:
    internal = bool(form.word("internal"))
    kind, audience = ("note", "internal") if internal else ("letter", "complainant")
    medium = "web" if internal else form.one_of("medium", labels.media(form.case.sop), "web")
    message = form.content(kind, "text", audience=audience, medium=medium, files=True)
    if not message:
        raise Incomplete(text=_("Tuliskan isinya."))
    said = _("Catatan internal tersimpan.") if internal else _("Balasan tampak di halaman Lacak pelapor.")
    return form.wish(c.Note(message, audience), said)


def _contact(form: Form) -> Wish:
    channel = form.one_of("channel", labels.CHANNELS, "telepon")
    message = form.content("message", "text", audience="complainant", medium=channel)
    if not message:
        raise Incomplete(text=_("Tuliskan isi kabarnya."))
    return form.wish(c.Contact(channel, message), _("Kabar dari pelapor tercatat."))


def _deliver(form: Form) -> Wish:
    arrived = form.word("arrived") != "no"
    command = c.Deliver(form.word("visit"), arrived, form.content("proof", "proof", files=True))
    said = _("Bukti kirim tercatat.") if arrived else _("Kegagalan kirim tercatat; sampaikan lewat saluran lain.")
    return form.wish(command, said)


def _classify(form: Form) -> Wish:
    command = c.Classify(form.word("name"), form.word("value"), form.content("reason", "reason"))
    return form.wish(command, _("Keterangan diubah."))


def _bind_respondent(form: Form) -> Wish:
    own = [role.id for role in form.case.sop.roles if role.party is Party.RESPONDENT]
    posts = tuple(filter(None, form.post.getlist("to")))
    command = c.Bind(own[0] if own else RESPONDENT, posts, form.content("reason", "reason"))
    return form.wish(command, _("Pihak yang dikeluhkan ditetapkan."))


def _bind(form: Form) -> Wish:
    role = form.word("role")
    posts = tuple(filter(None, form.post.getlist(f"bind-{role}")))
    command = c.Bind(role, posts, form.content("reason", "reason"))
    return form.wish(command, _("Pelaksana untuk laporan ini ditetapkan."))


VERBS: Mapping[str, Callable[[Form], Wish]] = {
    "selesaikan": _complete,
    "kerjakan": _take,
    "lepaskan": _hand_back,
    "lewati": _skip,
    "respons": _respond,
    "tunggu": _wait,
    "lanjutkan": _resume,
    "anggap-dicabut": _deem_withdrawn,
    "teruskan": _go_on,
    "tugaskan": _assign,
    "disposisi": _dispose,
    "lapor-disposisi": _report_back,
    "tarik-disposisi": _recall,
    "alihkan": _redirect,
    "batalkan": _undo,
    "betulkan": _correct,
    "tutup": _close,
    "buka": _reopen,
    "tulis": _write,
    "kabar": _contact,
    "terkirim": _deliver,
    "klasifikasi": _classify,
    "terlapor": _bind_respondent,
    "tetapkan": _bind,
}
"""The verb in the address of a form, and how it is read."""
