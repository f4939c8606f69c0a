"""The Indonesian words of a drawing: what stands on an exit, and a sentence for each step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tanggap.sop.flow import Flow
from tanggap.sop.model import ALWAYS, CLOSE, END, Attribute, Condition, Exit, Procedure, Role, Step

START = "Mulai"
FINISH = "Selesai"
TIMED_OUT = "lewat waktu"
PASSED = "tidak berlaku"
OTHERWISE = "selain itu"

_BUILT_IN: Mapping[str, Mapping[str, str]] = {
    "kind": {
        "complaint": "keluhan",
        "criticism": "kritik",
        "suggestion": "saran",
        "question": "pertanyaan",
        "aspiration": "aspirasi",
    },
    "identity": {"open": "terbuka", "confidential": "dirahasiakan", "anonymous": "anonim"},
    "hours": {"in": "jam kerja", "out": "di luar jam kerja"},
    "in_time": {"yes": "dalam batas waktu", "no": "lewat batas waktu"},
    "first": {"yes": "pertama kali", "no": "bukan pertama kali"},
    "answered": {"yes": "sudah dijawab", "no": "belum dijawab"},
}
_SHORT, _INITIALS = 12, 4
"""Letters of an attribute's label, or else of its id, that still fit on an exit beside the value."""


def condition(when: Condition, attributes: Sequence[Attribute], *, full: bool = False) -> str:
    """A condition in a few words: the values, with the attribute's name where it is short or ``full`` is asked."""
    labels = {attribute.id: attribute.label if full else _short(attribute) for attribute in attributes}
    said = []
    for name, values in when.items():
        value = " atau ".join(_BUILT_IN.get(name, {}).get(value, value) for value in values)
        said.append(f"{labels.get(name, '')} {value}".strip())
    return ", ".join(said)


def _short(attribute: Attribute) -> str:
    if len(attribute.label) <= _SHORT:
        return attribute.label
    return attribute.id.upper() if len(attribute.id) <= _INITIALS else ""


def _exit_words(exit: Exit, exits: Sequence[Exit], attributes: Sequence[Attribute], full: bool) -> str:
    if exit.label or len(exits) == 1:
        return exit.label
    if exit.when:
        return condition(exit.when, attributes, full=full)
    rest = _complement(exits, attributes)
    return condition(rest, attributes, full=full) if rest else OTHERWISE


def _complement(exits: Sequence[Exit], attributes: Sequence[Attribute]) -> Condition:
    """The values of one closed attribute that the conditional exits leave over; nothing when they ask for several."""
    conditions = [exit.when for exit in exits if exit.when]
    names = {name for when in conditions for name in when}
    closed = [attribute for attribute in attributes if attribute.values and names == {attribute.id}]
    if not closed:
        return {}
    name = closed[0].id
    taken = {value for when in conditions for value in when[name]}
    rest = tuple(value for value in closed[0].values if value not in taken)
    return {name: rest} if rest else {}


def ways(flow: Flow, row: str, attributes: Sequence[Attribute], *, full: bool = False) -> Iterator[tuple[str, str]]:
    """Every (target, words) that leaves ``row``: its exits, their ``then``, its timeout, and being passed over.

    A timeout or a passing that leads where an exit leads anyway is no way of its own.
    """
    step = flow.steps[row]
    exits = flow.exits(row)
    seen: set[str] = set()
    for exit in exits:
        for target in exit.next or ():
            seen.add(target)
            yield target, _exit_words(exit, exits, attributes, full)
    for exit in exits:
        if exit.then is not None:
            seen.add(exit.then)
            yield exit.then, f"{exit.label} setelah {exit.at_most} kali" if exit.at_most else exit.label
    timed = flow.timeout_exit(row, step.timeout).next if step.timeout is not None else ()
    for target in timed or ():
        if target not in seen:
            seen.add(target)
            yield target, TIMED_OUT
    for target in flow.default_next(row) if step.when != ALWAYS or step.standing else ():
        if target not in seen:
            yield target, PASSED


def row_name(procedure: Procedure, number: int) -> str:
    """What to call a row: "langkah 5" by its printed number, "baris 3" where that is blank or printed twice."""
    printed = [step.no.strip().rstrip(".") for step in procedure.steps]
    mine = printed[number]
    return f"langkah {mine}" if mine and printed.count(mine) == 1 else f"baris {number + 1}"


def sentences(
    procedure: Procedure, roles: Sequence[Role] = (), attributes: Sequence[Attribute] = (), *, activity: bool = False
) -> list[str]:
    """The drawing in words, one sentence (or two) for each printed row.

    ``activity=True`` adds what is done and in which time, for a text that stands without the table.
    """
    flow = Flow(procedure)
    labels = {role.id: role.label or role.id for role in roles}
    return [_sentence(flow, number, labels, attributes, activity) for number in range(len(procedure.steps))]


def _sentence(
    flow: Flow, number: int, labels: Mapping[str, str], attributes: Sequence[Attribute], activity: bool
) -> str:
    procedure = flow.procedure
    step = procedure.steps[number]
    who = " dan ".join(labels.get(role, role) for role in step.who)
    kind = _kind(flow, step)
    head = ", ".join(filter(None, (row_name(procedure, number), who, kind)))
    parts = [head[:1].upper() + head[1:]]
    if activity:
        parts.extend(_activity(step))
    onward = [
        (words, _destination(flow, number, target)) for target, words in ways(flow, step.id, attributes, full=True)
    ]
    if onward and not step.terminator:
        said = "; ".join(f"{words}: {place}" if words else place for words, place in onward)
        parts.append(said[:1].upper() + said[1:] if not onward[0][0] else said)
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts)


def _activity(step: Step) -> list[str]:
    parts = [" ".join(step.what.split())] if step.what else []
    if step.time is not None and step.time.has_standard:
        parts.append(f"Waktu {step.time}")
    return parts


def _kind(flow: Flow, step: Step) -> str:
    if step.terminator:
        return "selesai"
    if step.is_decision:
        return "keputusan"
    if len({exit.next for exit in flow.exits(step.id)}) > 1:
        return "keputusan menurut berkas"
    return "tugas berkala" if step.standing else "kegiatan"


def _destination(flow: Flow, number: int, target: str) -> str:
    if target in (END, CLOSE):
        return "selesai"
    place = flow.order[target]
    verb = "kembali ke" if place < number else "mengulang" if place == number else "ke"
    return f"{verb} {row_name(flow.procedure, place)}"
