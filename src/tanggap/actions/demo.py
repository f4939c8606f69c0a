"""The demo: five institutions, obviously invented persons, and cases in every state, made through the same doors.

Nothing here is reachable from a plain server: only ``tanggap demo`` calls it, and only on a database without accounts.
"""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tanggap.actions import schedules
from tanggap.actions.accounts import create_account
from tanggap.actions.arranging import arrange
from tanggap.actions.cases import THE_COMPLAINANT, THE_ENGINE, act
from tanggap.actions.contents import new_content
from tanggap.actions.holdings import Hold, Leave
from tanggap.actions.intake import Complainant, Incoming, Receipt, receive
from tanggap.actions.organisation import appoint, changed, seed_organisation, seed_organisations
from tanggap.actions.ratings import rate
from tanggap.actions.sops import approve, import_sop
from tanggap.casework import commands as c
from tanggap.casework.events import COMPLAINANT
from tanggap.casework.shelf import Actor
from tanggap.casework.state import Case as State
from tanggap.casework.state import Status, Visit
from tanggap.records import store
from tanggap.records.access import reader
from tanggap.records.contents import NewContent
from tanggap.records.models import Holder, Institution, Membership, Post, Schedule, User
from tanggap.records.shelves import compiled
from tanggap.sop import seeds
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.duration import parse

DAYS_BEFORE = 60
"""How long before now the demo's SOPs, posts and calendars are in force: longer than its oldest case."""

WRITTEN_FROM_OUTSIDE = ("web", "email", "whatsapp", "sms", "instagram")


class NotEmpty(RuntimeError):
    """There are accounts already: the demo never mixes with real work."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account that can act in the demo."""

    username: str
    institution: str
    post: str
    roles: str


@dataclass(slots=True)
class Built:
    """What was built: accounts with their common password, and one receipt that can be tracked by hand."""

    password: str
    accounts: list[Account] = field(default_factory=list)
    receipts: list[tuple[str, Receipt]] = field(default_factory=list)


def build(*, at: datetime, password: str, progress: Callable[[], None] = lambda: None) -> Built:
    """Fill an empty database. ``progress`` is called once for each of :func:`size` parts. Raises :class:`NotEmpty`."""
    if User.objects.exists():
        raise NotEmpty
    built = Built(password)
    before = at - timedelta(days=DAYS_BEFORE)
    for key in seed_organisations():
        institution = seed_organisation(key, at=before)
        _approve_sops(institution, before)
        built.accounts.extend(_staff(institution, password, before))
        _duties(institution, at)
        _away(institution, at)
        progress()
    for number, told in enumerate(_told(), 1):
        institution = Institution.objects.get(key=told["institution"])
        receipt = _Story(institution, told, number, at).tell()
        if receipt is not None:
            built.receipts.append((told["title"], receipt))
        progress()
    return built


def size() -> int:
    """How many parts :func:`build` builds."""
    return len(seed_organisations()) + len(_told())


def _told() -> list[dict[str, Any]]:
    text = (files("tanggap") / "seeds" / "demo.toml").read_text("utf-8")
    cases: list[dict[str, Any]] = tomllib.loads(text)["case"]
    return sorted(cases, key=lambda told: (-told["days"], told["hour"]))


def _approve_sops(institution: Institution, at: datetime) -> None:
    wanted = set(institution.columns.values_list("sop_id", flat=True))
    for name in (*seeds.names(), *seeds.own()):
        if name in wanted:
            approve(import_sop(institution, seeds.text(name), name=name, at=at), at=at)


def _duties(institution: Institution, now: datetime) -> None:
    """What was due by its schedule until ``now``: done within the day and without findings, but for the last week."""
    due = Schedule.objects.filter(institution=institution, look_at__lte=now).order_by("look_at")
    while (row := due.first()) is not None:
        assert row.look_at is not None
        case = schedules.look(row.pk, at=row.look_at)
        if case is not None and row.look_at < now - timedelta(days=7):
            _carry_out(case, row.look_at)


def _carry_out(case: UUID, at: datetime) -> None:
    """Whoever must, completes the rows of a periodic duty one after the other, by the last of the choices."""
    while True:
        log = store.load(case)
        if log.state.status is not Status.OPEN:
            return
        visit = log.state.open_visits()[0]
        step = compiled(log.row.institution).shelf(at).flow(log.state.sop, log.state.procedure).steps[visit.row]
        holder = Holder.objects.get(post__institution=log.row.institution, post__key=visit.groups[0].posts[0])
        at += timedelta(hours=1)
        act(c.Complete(visit.id, step.choices[-1].id if step.choices else ""), case=case, by=holder.user, at=at)


def _staff(institution: Institution, password: str, at: datetime) -> list[Account]:
    """One account for every post. Who receives complaints serves at the desk; the rungs above coordinate; the last of

    them also arranges the institution, so that its calendar can be tried.
    """
    desks = _desks(institution, at)
    above = set(institution.posts.filter(key__in=desks).values_list("superior__key", flat=True))
    shown = set(institution.columns.values_list("post__key", flat=True))
    accounts = []
    for post in institution.posts.select_related("unit"):
        username = f"{post.key}.{institution.key}"
        user = create_account(
            username=username, email=f"{username}@demo.invalid", password=password, full_name=f"{post.name} (demo)"
        )
        desk, coordinator = post.key in desks, post.is_fallback or post.key in above
        Membership.objects.create(
            institution=institution, user=user, desk=desk, coordinator=coordinator, admin=post.is_fallback
        )
        appoint(post, user, from_at=at)
        if post.key in shown or coordinator:
            words = (("meja layanan", desk), ("koordinator", coordinator), ("pengelola", post.is_fallback))
            roles = ", ".join(word for word, has in words if has)
            accounts.append(Account(username, institution.key, post.name, roles))
    changed(institution)
    return accounts


def _away(institution: Institution, at: datetime) -> None:
    """In every institution the post right below the last rung is away for a week from tomorrow: a colleague stands in.

    In the first one the administrator has named a Plh. for the second such post, from now on.
    """
    below = list(institution.posts.filter(superior__is_fallback=True).order_by("position"))
    peers = list(institution.posts.exclude(pk__in=[post.pk for post in below]).filter(is_fallback=False))
    if not below or not peers:
        return
    morning = datetime.combine(at.astimezone(ZoneInfo(institution.zone)).date(), time(), ZoneInfo(institution.zone))
    leaving, colleague = (post.holders.select_related("user").get().user for post in (below[0], peers[-1]))
    leave = Leave((below[0].key,), colleague.pk, morning + timedelta(days=1), morning + timedelta(days=8))
    arrange(institution.key, leave, by=leaving, at=at, why="Dinas luar (contoh)")
    if institution.position == 1 and len(below) > 1:
        boss = institution.posts.get(is_fallback=True).holders.select_related("user").get().user
        acting = Hold(below[1].key, peers[0].holders.get().user_id, "plh", at, morning + timedelta(days=5))
        arrange(institution.key, acting, by=boss, at=at, why="SK contoh 1")


def _desks(institution: Institution, at: datetime) -> set[str]:
    """Posts that perform the first row of the organisation's own in one of its procedures."""
    roles: set[tuple[str, str]] = set()
    for sop in compiled(institution).shelf(at).sops.values():
        outside = {role.id for role in sop.roles if role.party}
        for procedure in sop.for_complaints:
            first = next((step for step in procedure.steps if step.who and not step.standing
                          and not outside.issuperset(step.who)), None)  # fmt: skip
            roles.update((sop.id, role) for role in (first.who if first else ()))
    columns = institution.columns.select_related("post")
    return {column.post.key for column in columns if (column.sop_id, column.role) in roles}


class _Story:
    """One case of the file, told up to now and not a minute further."""

    def __init__(self, institution: Institution, told: Mapping[str, Any], number: int, now: datetime) -> None:
        self.institution, self.told, self.now = institution, told, now
        self.key = f"demo-{number}-{secrets.token_hex(16)}"
        self.at = self._received_at(compiled(institution).shelf(now).calendar)
        self.case: UUID | None = None
        self.acts = 0

    def _received_at(self, calendar: WorkCalendar) -> datetime:
        day = self.now.astimezone(ZoneInfo(self.institution.zone)).date()
        left = int(self.told["days"])
        while left or not calendar.is_working_day(day):
            left -= calendar.is_working_day(day)
            day -= timedelta(days=1)
        hour, minute = str(self.told["hour"]).split(".")
        moment = datetime.combine(day, time(int(hour), int(minute)), ZoneInfo(self.institution.zone))
        return min(moment, self.now - timedelta(minutes=3))

    def tell(self) -> Receipt | None:
        """Receive the case and let everybody act; ``None`` for one that nobody outside can follow."""
        receipt = self._receive()
        self.case = receipt.case
        for step in self.told["steps"]:
            due = self._calendar().add(self.at, parse(step.get("after", "1 jam")))
            if due is None or due >= self.now:
                break
            self.at = due
            act(c.Expire(), case=receipt.case, by=THE_ENGINE, at=self.at)
            if not self._act(step):
                break
        act(c.Expire(), case=receipt.case, by=THE_ENGINE, at=self.now)
        return receipt

    def _calendar(self) -> WorkCalendar:
        return compiled(self.institution).shelf(self.now).calendar

    def _receive(self) -> Receipt:
        told = self.told
        anonymous = told["identity"] == "anonymous"
        number = self.key.split("-")[1]
        who = Complainant() if anonymous else Complainant(
            name=f"Pelapor Demo {int(number):02}", email=f"pelapor{number}@demo.invalid", affiliation="internal"
        )  # fmt: skip
        incoming = Incoming(
            text=told["text"], title=told["title"], channel=told["channel"], kind=told["kind"],
            identity=told["identity"], service=told.get("service", ""), complainant=who,
            answer_by=told["channel"], happened_at=self.at,
        )  # fmt: skip
        by = None
        if told["channel"] not in WRITTEN_FROM_OUTSIDE:
            desk = Membership.objects.filter(institution=self.institution, desk=True).select_related("user").first()
            assert desk is not None
            by = reader(desk.user, at=self.at)
        return receive(self.institution.key, incoming, key=self.key, at=self.at, by=by)

    # acts -------------------------------------------------------------------------------------------------------

    def _act(self, step: Mapping[str, Any]) -> bool:
        """Do one step of the story; false when the case has gone another way (a timeout was quicker)."""
        assert self.case is not None
        state = store.load(self.case).state
        for name, verb in _VERBS.items():
            if name in step:
                return verb(self, state, step)
        return self._complete(state, step)

    def _do(self, command: c.Command, by: User | Actor, *contents: NewContent) -> bool:
        assert self.case is not None
        self.acts += 1
        act(command, case=self.case, by=by, at=self.at, key=f"{self.key}-{self.acts}", contents=contents)
        return True

    def _content(self, kind: str, text: str, author: str, audience: str = "internal", medium: str = "") -> NewContent:
        key = f"{self.key}-{self.acts + 1}"
        return new_content(kind, text, author=author, key=key, audience=audience, medium=medium)

    def _performer(self, state: State, visit: Visit) -> User:
        """Whoever holds a post that must act in the visit."""
        posts = [post for group in visit.groups for post in group.posts]
        held = Post.objects.filter(institution=self.institution, key__in=posts).exclude(holders=None)
        found = held.order_by("position").first()
        holder = found.holders.select_related("user").first() if found else None
        assert holder is not None, posts
        return holder.user

    def _now_open(self, state: State) -> Visit | None:
        return next(iter(state.open_visits()), None)

    def _complete(self, state: State, step: Mapping[str, Any]) -> bool:
        visit_id = state.open.get(step["row"])
        if visit_id is None:
            return False
        visit = state.visits[visit_id]
        user = self._performer(state, visit)
        if "skip" in step:
            reason = self._content("reason", step["skip"], user.person)
            return self._do(c.Skip(visit_id, reason.id), user, reason)
        contents = []
        if "answer" in step:
            contents.append(
                self._content("answer", step["answer"], user.person, COMPLAINANT, step.get("medium", "web"))
            )
        if "reason" in step or "text" in step:
            contents.append(self._content("reason", step.get("reason") or step["text"], user.person))
        row = compiled(self.institution).shelf(self.at).flow(state.sop, state.procedure).steps[visit.row]
        command = c.Complete(
            visit_id,
            step.get("choice", ""),
            reason=next((one.id for one in contents if one.kind == "reason"), ""),
            answer=next((one.id for one in contents if one.kind == "answer"), ""),
            sets={name: value for name, value in self.told.get("sets", {}).items() if name in row.sets},
            binds={role: (step["about"],) for role in row.binds if "about" in step},
        )
        return self._do(command, user, *contents)

    def _wait(self, state: State, step: Mapping[str, Any]) -> bool:
        visit = self._now_open(state)
        if visit is None:
            return False
        user = self._performer(state, visit)
        asked = self._content("question", step["text"], user.person, COMPLAINANT)
        return self._do(c.Wait(visit.id, step["wait"], message=asked.id), user, asked)

    def _confirm(self, state: State, step: Mapping[str, Any]) -> bool:
        visit = next((one for one in state.open_visits() if one.groups[0].party == COMPLAINANT), None)
        if visit is None:
            return False
        said = self._content("message", step["confirm"], COMPLAINANT, COMPLAINANT)
        self._do(c.Complete(visit.id, reason=said.id), THE_COMPLAINANT, said)
        assert self.case is not None
        rate(self.case, stars=step["rating"], words="", at=self.at)
        return True

    def _reopen(self, state: State, step: Mapping[str, Any]) -> bool:
        if state.status is not Status.CLOSED and not state.answered:
            return False
        reason = self._content("reason", step["reopen"], COMPLAINANT, COMPLAINANT)
        return self._do(c.Reopen(reason.id), THE_COMPLAINANT, reason)

    def _withdraw(self, state: State, step: Mapping[str, Any]) -> bool:
        reason = self._content("reason", step["withdraw"], COMPLAINANT, COMPLAINANT)
        return self._do(c.Withdraw(reason.id), THE_COMPLAINANT, reason)

    def _dispose(self, state: State, step: Mapping[str, Any]) -> bool:
        visit = self._now_open(state)
        if visit is None:
            return False
        user = self._performer(state, visit)
        note = self._content("instruction", step["note"], user.person)
        command = c.Dispose(visit.id, tuple(step["dispose"]), instructions=tuple(step["instructions"]), note=note.id,
                            urgency="segera", standard="1 hari")  # fmt: skip
        return self._do(command, user, note)

    def _report(self, state: State, step: Mapping[str, Any]) -> bool:
        open_one = next((one for one in state.dispositions.values() if one.state == "open"), None)
        if open_one is None:
            return False
        post = Post.objects.filter(institution=self.institution, unit__key=open_one.to[0]).first()
        holder = post.holders.select_related("user").first() if post else None
        assert holder is not None
        said = self._content("answer", step["report"], holder.user.person)
        return self._do(c.ReportBack(open_one.id, said.id), holder.user, said)


_VERBS: dict[str, Callable[[_Story, State, Mapping[str, Any]], bool]] = {
    "wait": _Story._wait,
    "confirm": _Story._confirm,
    "reopen": _Story._reopen,
    "withdraw": _Story._withdraw,
    "dispose": _Story._dispose,
    "report": _Story._report,
}
