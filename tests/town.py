"""A town for stories: an institution at work, people with browsers, and a clock that moves when the story says so."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

import worlds
from pages import Browser, Form, Page
from tanggap.actions import deadlines
from tanggap.actions.organisation import changed
from tanggap.casework.fold import fold
from tanggap.records import store
from tanggap.records.models import Case, Institution, Membership, User
from tanggap.records.projection import project
from tanggap.records.shelves import compiled

_addresses = count(1)


class Clock:
    """The one clock of a story. Moments are typed as in the office: ``"2026-11-16 08.05"``."""

    def __init__(self) -> None:
        self.now, self.zone = worlds.MONDAY, "Asia/Jakarta"

    def moment(self, typed: str) -> datetime:
        """``typed`` on the clocks of the institution."""
        return datetime.strptime(typed, "%Y-%m-%d %H.%M").replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def at(self, typed: str) -> None:
        """It is now ``typed``; time never goes back."""
        moment = self.moment(typed)
        assert moment >= self.now, f"{typed} lies before {self.now}"
        self.now = moment
        self.pass_by()

    def later(self, **span: float) -> None:
        """Some time passes."""
        self.now += timedelta(**span)
        self.pass_by()

    def pass_by(self) -> None:
        """What the worker does while time passes."""
        while deadlines.expire_due(at=self.now).done:
            pass


class Complainant(Browser):
    """Somebody with a phone and no account, who keeps the receipt."""

    register = code = ""

    def report(self, key: str, story: str, **more: object) -> Page:
        """File a report; keeps number and code of the receipt. ``more``: see :meth:`fill`."""
        form = self.visit(f"/lapor/{key}").form("Kirim laporan").write("Uraian", story)
        receipt = fill(form, **more).send()
        self.keep(receipt)
        return receipt

    def keep(self, receipt: Page) -> None:
        """Write number and code of a receipt down."""
        said = {one.text: one for one in receipt.root.all("dt")}
        self.register = _beside(said["Nomor register"])
        self.code = _beside(said["Kode lacak"])
        assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", self.code)

    def track(self) -> Page:
        """Open the case with number and code, or again when it is open already."""
        found = self.visit("/lacak")
        if not found.has_form("Buka laporan"):
            return found
        return found.form("Buka laporan").write("Nomor register", self.register).write("Kode lacak", self.code).send()

    def status(self) -> str:
        """The public word for where the case stands."""
        return self.track().root.first("span", class_="badge").text


def _beside(term: object) -> str:
    inside = term.parent.all("dd")  # type: ignore[attr-defined]
    return inside[0].text


class Officer(Browser):
    """Somebody with an account, at a desk."""

    def __init__(self, user: User, *, address: str) -> None:
        super().__init__(address=address)
        self.user = user
        self.client.force_login(user)

    def duties(self) -> Page:
        """Tugas saya."""
        return self.visit("/tugas")

    def has_duty(self, register: str) -> bool:
        """True when the case stands in the list."""
        return any(register in one.text for one in self.duties().root.all("li", class_="duty"))

    def open(self, register: str) -> Page:
        """The case, from the list of duties."""
        found = self.duties()
        for one in found.root.all("li", class_="duty"):
            if register in one.text:
                return self.visit(one.first("a").attrs["href"].partition("#")[0])
        raise AssertionError(f"{register} is no duty of {self.user}: {found.main}")

    def look_up(self, register: str) -> Page:
        """The case by its number typed into the search."""
        form = self.duties().form("Saring")
        form.sent["q"] = [register]
        return form.send()

    def finish(self, register: str, step: str, *, expect: int = 200, **more: object) -> Page:
        """Open the duty and finish its step: ``step`` is what the button calls it. ``more``: see :func:`fill`."""
        done = fill(self.open(register).form(f"Selesaikan {step}"), **more).send(expect=expect)
        if expect == 200:
            assert "Langkah selesai dan tercatat." in done.text or done.heading == "Tugas saya", done.main
        return done


def fill(form: Form, **more: object) -> Form:
    """Fill in a form: ``choice`` (a radio), ``pick`` (lists by label), ``write`` (texts by label), ``tick``, ``files``.

    ``answer`` and ``reason`` are the two texts of a step card.
    """
    for label in _many(more.pop("choice", ())):
        form.choose(label)
    for label, option in dict(more.pop("pick", {})).items():  # type: ignore[call-overload]
        form.pick(label, *_many(option))
    texts = dict(more.pop("write", {}))  # type: ignore[call-overload]
    if "answer" in more:
        texts["Jawaban kepada pelapor"] = more.pop("answer")
    if "reason" in more:
        texts["Alasan" if any(one.startswith("Alasan") for one in form.labels) else "Catatan"] = more.pop("reason")
    for label, words in texts.items():
        form.write(label, words)
    form.tick(*_many(more.pop("tick", ())))
    for name, data in dict(more.pop("files", {})).items():  # type: ignore[call-overload]
        form.attach("Berkas", (name, data))
    assert not more, f"unknown: {more}"
    return form


def _many(one: object) -> tuple[str, ...]:
    return (one,) if isinstance(one, str) else tuple(one)  # type: ignore[arg-type]


@dataclass
class Town:
    """An institution with everybody at their post."""

    world: worlds.World
    clock: Clock
    officers: dict[str, Officer] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The key of the institution."""
        return self.world.institution.key

    @property
    def institution(self) -> Institution:
        """Its row."""
        return self.world.institution

    def complainant(self) -> Complainant:
        """Somebody new with a phone."""
        return Complainant(address=f"203.0.113.{next(_addresses) % 250}")

    def on(self, post: str) -> Officer:
        """Whoever holds ``post``; also desk, coordinator, auditor and stranger."""
        if post not in self.officers:
            user = self.world.on.get(post) or getattr(self.world, post)
            self.officers[post] = Officer(user, address=f"198.51.100.{next(_addresses) % 250}")
        return self.officers[post]

    def give(self, post: str, **powers: bool) -> None:
        """Let the holder of ``post`` serve at the desk, coordinate or read all."""
        Membership.objects.update_or_create(institution=self.institution, user=self.world.on[post], defaults=powers)
        changed(self.institution)

    def case(self, register: str) -> Case:
        """The row of a case."""
        return Case.objects.get(register=register, institution=self.institution)

    def kinds(self, register: str) -> list[str]:
        """The kinds of the events of a case, in order."""
        return [entry.event.kind for entry in self.entries(register)]

    def entries(self, register: str) -> tuple[object, ...]:
        """The log of a case."""
        return store.load(self.case(register).pk).entries


def assert_folds(case: UUID, *, at: datetime) -> None:
    """The stored row says what the log says."""
    log = store.load(case)
    shelf = compiled(log.row.institution).shelf(at)
    state = fold(log.entries)
    assert state == log.state
    told = project(state, shelf=shelf, head=log.row.head, last_at=log.entries[-1].recorded_at)
    assert told == store.stored_rows(log.row)
