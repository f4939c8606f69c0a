"""One case of the demo, told in ``seeds/demo.toml`` and lived through by the same doors as any other."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tanggap.actions.cases import THE_COMPLAINANT, THE_ENGINE, act
from tanggap.actions.contents import new_content
from tanggap.actions.intake import Complainant, Incoming, Receipt, receive
from tanggap.actions.ratings import rate
from tanggap.casework import commands as c
from tanggap.casework.events import COMPLAINANT
from tanggap.casework.shelf import Actor
from tanggap.casework.state import Case as State
from tanggap.casework.state import Status, Visit
from tanggap.records import store
from tanggap.records.access import reader
from tanggap.records.contents import NewContent
from tanggap.records.models import Institution, Membership, Post, User
from tanggap.records.shelves import compiled
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.duration import parse

WRITTEN_FROM_OUTSIDE = ("web", "email", "whatsapp", "sms", "instagram")


class Story:
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


_VERBS: dict[str, Callable[[Story, State, Mapping[str, Any]], bool]] = {
    "wait": Story._wait,
    "confirm": Story._confirm,
    "reopen": Story._reopen,
    "withdraw": Story._withdraw,
    "dispose": Story._dispose,
    "report": Story._report,
}
