"""Reads the procedures of an SOP file: their rows, exits and clocks, with every name they point to checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tanggap.sop.fields import MAX_NAME, NAME, Place, Table, nearest
from tanggap.sop.model import (
    CLOSE,
    END,
    RECORDS,
    Clock,
    Condition,
    Exit,
    Extension,
    Joint,
    Procedure,
    Start,
    Step,
    Timeout,
    Window,
)
from tanggap.worktime.duration import DEFAULT_READING, Duration, Reading

MAX_ROWS = 200
MAX_EXITS = 20
LINKED = "linked:"


@dataclass(frozen=True)
class Known:
    """The names a row may point to."""

    reading: Reading = DEFAULT_READING
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        return (*self.rows, END, CLOSE)

    def numbers(self, table: Table, key: str) -> dict[str, dict[str, int]]:
        """Attribute, value, whole number (``min_by`` of a team)."""
        found: dict[str, dict[str, int]] = {}
        inside = table.table(key)
        for name in inside.data if inside else ():
            values = inside.table(name) if inside else None
            read = {value: values.number(value, least=1, most=100) for value in values.data} if values else {}
            found[name] = {value: number for value, number in read.items() if number is not None}
        return found

    def times(self, table: Table, key: str) -> dict[str, dict[str, Duration]]:
        """Attribute, value, time (``time_by``)."""
        found: dict[str, dict[str, Duration]] = {}
        inside = table.table(key)
        for name in inside.data if inside else ():
            values = inside.table(name) if inside else None
            read = {value: values.duration(value, self.reading) for value in values.data} if values else {}
            found[name] = {value: time for value, time in read.items() if time is not None}
        return found


def default_id(no: str) -> str:
    """The name of a row that gives itself none: its number without the final dot."""
    return no.strip().removesuffix(".")


def row_ids(procedure: Mapping[str, Any]) -> list[str]:
    """The names of the rows of a raw ``[[procedure]]`` table; mistakes are told later, when the rows are read."""
    steps = procedure.get("step")
    rows = [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
    return [str(row.get("id") or default_id(str(row.get("no", "")))) for row in rows]


def read_procedure(table: Table, known: Known) -> Procedure:
    """One ``[[procedure]]`` with its rows."""
    table.require("id", "step")
    rows = tuple(row for row in row_ids(table.data) if row)
    known = replace(known, rows=rows)
    name = table.new_name("id")
    table.procedure = name
    reading = known.reading
    procedure = Procedure(
        id=name,
        label=table.text("label", most=300),
        accepts=_accepts(table),
        start=tuple(_start(inside, known) for inside in table.tables("start", most=MAX_EXITS)),
        limit=table.duration("limit", reading),
        clocks=tuple(_clock(inside, known) for inside in table.tables("clock", most=MAX_EXITS)),
        reopen=table.duration("reopen", reading),
        window=_window(table.table("window"), reading),
        every=table.duration("every", reading),
        starting=table.day("starting"),
        confidential=table.flag("confidential"),
        steps=tuple(
            _step(inside, known, number) for number, inside in enumerate(table.tables("step", most=MAX_ROWS), start=1)
        ),
    )
    _once(table, "clock", [clock.id for clock in procedure.clocks])
    _once(table, "step", [step.id for step in procedure.steps], why="; beri `id` yang berbeda")
    if table.data.get("step") == []:
        table.wrong("step", "missing", why=": prosedur tanpa baris")
    table.close()
    return procedure


def _once(table: Table, key: str, ids: list[str], why: str = "") -> None:
    for number, name in enumerate(ids):
        if name and name in ids[:number]:
            row = name if key == "step" else ""
            place = Place((*table.path, key, number, "id"), procedure=table.procedure, row=row)
            table.errors.add("repeated_id", place, name=name, why=why)


def _accepts(table: Table) -> Condition:
    accepts = table.condition("for")
    for name in accepts:
        if name not in ("channel", "kind"):
            table.wrong("for", "not_one_of", name=name, choices="channel, kind")
    return accepts


def _start(table: Table, known: Known) -> Start:
    table.require("at")
    start = Start(at=table.name("at", known.rows, "unknown_target"), when=table.condition("when"))
    table.close()
    return start


def _clock(table: Table, known: Known) -> Clock:
    table.require("id", "time")
    means = table.text("means", most=MAX_NAME)
    clock = Clock(
        id=table.new_name("id"),
        kind=table.one_of("kind", ("promise", "law"), "promise"),
        time=table.duration("time", known.reading, means),
        means=means,
        counted_from=table.text("from", most=MAX_NAME) or "receipt",
        until=table.name("until", ("end", "answered", *known.rows), "unknown_row") or "end",
        stops=table.names("stops", known.waits, "unknown_wait") or (),
        source=table.text("source"),
    )
    table.close()
    return clock


def _window(table: Table | None, reading: Reading) -> Window | None:
    if table is None:
        return None
    table.require("relation", "from", "within")
    relation, counted_from = table.text("relation", most=MAX_NAME), table.text("from", most=MAX_NAME)
    within, once = table.duration("within", reading), table.flag("once")
    table.close()
    return Window(relation, counted_from, within, once) if within else None


# rows ----------------------------------------------------------------------------------------------------------------


def _step(table: Table, known: Known, number: int) -> Step:
    table.row = f"ke-{number}"
    no = table.text("no", most=MAX_NAME)
    given = table.new_name("id")
    row = given or default_id(no)
    table.row = row or table.row
    _check_id(table, row, given)
    means = table.text("means", most=MAX_NAME)
    question = table.text("question")
    choices = _choices(table, known, question)
    joint = table.one_of("joint", list(Joint), "")
    step = Step(
        id=row,
        no=no,
        text_no=table.text("text_no", most=MAX_NAME),
        what=table.text("what"),
        who=table.names("who", known.roles, "unknown_role") or (),
        joint=Joint(joint) if joint else None,
        needs=table.texts("needs"),
        time=table.duration("time", known.reading, means),
        means=means,
        time_by=known.times(table, "time_by"),
        respond=table.duration("respond", known.reading),
        output=table.text("output"),
        note=table.text("note"),
        counted_from=table.text("counted_from", most=2 * MAX_NAME) or "opened",
        mark=table.new_name("mark"),
        next=_targets(table, "next", known),
        question=question,
        choices=choices,
        after=table.names("after", known.rows, "unknown_row") or (),
        when=table.condition("when"),
        optional=table.flag("optional"),
        timeout=_timeout(table.table("timeout"), known, choices),
        done_by=table.one_of("done_by", ("confirmation", "delivery"), ""),
        sets=table.names("sets", known.attributes, "unknown_attribute") or (),
        binds=table.names("binds", known.roles, "unknown_role") or (),
        independent_of=_independent_of(table, known),
        record=table.one_of("record", RECORDS, ""),
        waits=table.names("waits", known.waits, "unknown_wait"),
        extend=_extension(table.table("extend"), known),
        batch=table.flag("batch"),
        standing=table.flag("standing"),
        every=table.duration("every", known.reading),
        terminator=table.flag("terminator"),
        drawn=table.one_of("drawn", ("process", "decision"), ""),
        outcome=table.text("outcome", most=MAX_NAME),
        confidential=table.flag("confidential"),
    )
    if step.next is not None and choices:
        table.wrong("next", "next_with_choices")
    table.close()
    return step


def _check_id(table: Table, row: str, given: str) -> None:
    if not row:
        if isinstance(table.data.get("no", ""), str):  # else its number is told already
            table.wrong("id", "empty_id")
    elif row in (END, CLOSE):
        table.wrong("id" if given else "no", "reserved_id", name=row)
    elif not given and not NAME.fullmatch(row):
        table.wrong("no", "bad_id", name=row)


def _targets(table: Table, key: str, known: Known) -> tuple[str, ...] | None:
    found = table.names(key, known.targets, "unknown_target")
    if found == ():
        table.wrong(key, "missing", why='; tulis "end" bila jalur berakhir di sini')
    return found


def _choices(table: Table, known: Known, question: str) -> tuple[Exit, ...]:
    inside = table.tables("choices", most=MAX_EXITS)
    exits = tuple(_exit(choice, known, named=bool(question)) for choice in inside)
    names = [exit.id for exit in exits]
    for number, name in enumerate(names):
        if name and name in names[:number]:
            inside[number].wrong("label", "same_exit", name=exits[number].label)
    return exits


def _exit(table: Table, known: Known, *, named: bool) -> Exit:
    if named and not table.text("label", most=300).strip():
        table.wrong("label", "missing", why=" pada tiap pilihan yang diambil orang")
    exit = Exit(
        label=table.text("label", most=300),
        next=_targets(table, "next", known),
        when=table.condition("when"),
        reason=table.flag("reason"),
        answers=table.flag("answers"),
        set=_set(table, known),
        mark=table.new_name("mark"),
        at_most=table.number("at_most", least=1, most=1_000),
        then=table.name("then", known.targets, "unknown_target") or None,
        procedure=_procedure(table, known),
        outcome=table.text("outcome", most=MAX_NAME),
        implied=table.flag("implied"),
    )
    if table.has("at_most") != table.has("then"):
        table.wrong("then" if table.has("at_most") else "at_most", "missing", why=": `at_most` dan `then` berpasangan")
    table.close()
    return exit


def _set(table: Table, known: Known) -> dict[str, str]:
    found = table.mapping("set")
    for name, value in found.items():
        if name not in known.attributes:
            table.wrong("set", "unknown_attribute", name=name, hint=nearest(name, known.attributes))
        elif (values := known.attributes[name]) and value not in values:
            table.wrong("set", "unknown_value", name=value, attribute=name, hint=nearest(value, values))
    return found


def _procedure(table: Table, known: Known) -> str:
    """``id`` of a procedure of this file, or ``sop/id`` of another document, which cannot be checked here."""
    found = table.text("procedure", most=2 * MAX_NAME)
    if found and "/" not in found and found not in known.procedures:
        table.wrong("procedure", "unknown_procedure", name=found, hint=nearest(found, known.procedures))
    return found


def _timeout(table: Table | None, known: Known, choices: tuple[Exit, ...]) -> Timeout | None:
    if table is None:
        return None
    timeout = Timeout(
        after=table.duration("after", known.reading),
        counted_from=table.text("from", most=2 * MAX_NAME),
        next=_targets(table, "next", known),
        choice=_choice(table, choices),
        outcome=table.text("outcome", most=MAX_NAME),
        keep=table.flag("keep"),
    )
    if timeout.choice and timeout.next is not None:
        table.wrong("next", "next_with_choices")
    table.close()
    return timeout


def _choice(table: Table, choices: tuple[Exit, ...]) -> str:
    """The id of the exit a timeout takes; the file may give its label as printed."""
    words = table.text("choice", most=300)
    if not words:
        return ""
    named = Exit(label=words).id
    if named not in {exit.id for exit in choices}:
        labels = [exit.label for exit in choices]
        table.wrong("choice", "unknown_choice", name=words, hint=nearest(words, labels))
    return named


def _independent_of(table: Table, known: Known) -> tuple[str, ...]:
    """Rows of this procedure, or ``linked:relation:row`` of a case not known here."""
    found = table.texts("independent_of", most=2 * MAX_NAME)
    for name in found:
        linked = name.startswith(LINKED) and name.count(":") == 2
        if not linked and name not in known.rows:
            table.wrong("independent_of", "unknown_row", name=name, hint=nearest(name, known.rows))
    return found


def _extension(table: Table | None, known: Known) -> Extension | None:
    if table is None:
        return None
    table.require("by")
    by = table.duration("by", known.reading)
    at_most = table.number("at_most", least=1, most=100) or 1
    table.close()
    return Extension(by, at_most) if by else None
