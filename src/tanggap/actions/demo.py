"""The demo: five institutions, obviously invented persons, and cases in every state, made through the same doors.

Nothing here is reachable from a plain server: only ``tanggap demo`` calls it, and only on a database without accounts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tanggap.actions import schedules
from tanggap.actions.accounts import create_account
from tanggap.actions.arranging import arrange
from tanggap.actions.cases import act
from tanggap.actions.demo_stories import Story
from tanggap.actions.holdings import Hold, Leave
from tanggap.actions.intake import Receipt
from tanggap.actions.organisation import appoint, changed, seed_organisation, seed_organisations
from tanggap.actions.sops import approve, import_sop
from tanggap.casework import commands as c
from tanggap.casework.state import Status
from tanggap.records import store
from tanggap.records.models import Holder, Institution, Membership, Schedule, User
from tanggap.records.shelves import compiled
from tanggap.sop import seeds

DAYS_BEFORE = 60
"""How long before now the demo's SOPs, posts and calendars are in force: longer than its oldest case."""


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
        receipt = Story(institution, told, number, at).tell()
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
