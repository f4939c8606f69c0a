"""One procedure as symbols and arrows: which shape each row has, in which columns, and which exits are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tanggap.documents.flowchart import words
from tanggap.documents.flowchart.geometry import Shape
from tanggap.sop.flow import Flow
from tanggap.sop.model import CLOSE, END, Attribute, Procedure, Role, Sop

MULAI = -1
"""Number of the start symbol that is drawn but not printed as a row."""


@dataclass(frozen=True, slots=True)
class Node:
    """A row's symbol, once per column; ``number`` is the row's place, -1 for Mulai, one past the last for Selesai."""

    number: int
    shape: Shape
    columns: tuple[int, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow from node to node with the words on it."""

    source: int
    target: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """All nodes of a procedure in drawing order and the arrows between them."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    rows: int
    columns: int

    def node(self, number: int) -> Node:
        """The node of row ``number``, of Mulai or of Selesai. Raises ``KeyError``."""
        for node in self.nodes:
            if node.number == number:
                return node
        raise KeyError(number)


def columns_of(sop: Sop, procedure: Procedure) -> tuple[Role, ...]:
    """The columns printed for ``procedure``: roles it uses, and roles that no procedure of the document uses.

    A lane that is printed and never used stays (it is a finding of the checker, not a thing to hide); a lane that only
    another procedure of the same document uses belongs to that one's table.
    """
    used = {role for step in procedure.steps for role in step.who}
    elsewhere = {role for other in sop.procedures for step in other.steps for role in step.who}
    return tuple(role for role in sop.roles if role.id in used or role.id not in elsewhere)


def chart(procedure: Procedure, roles: Sequence[Role], attributes: Sequence[Attribute] = ()) -> Chart:
    """Work out the symbols and arrows of ``procedure`` (rows as printed: standing rows and terminators included)."""
    flow = Flow(procedure)
    finish = _finish(flow)
    links = _links(flow, finish, attributes)
    starts = [flow.order[row] for row in flow.starts]
    decisions = {number for number, step in enumerate(procedure.steps) if _decides(flow, step.id)}
    begins = starts[0] if len(starts) == 1 and starts[0] not in decisions else MULAI
    if starts and begins == MULAI:
        conditions = {flow.order[start.at]: words.condition(start.when, attributes) for start in procedure.start}
        several = len(starts) > 1
        links = [Link(MULAI, row, conditions.get(row, "") if several else "") for row in starts] + links
    columns = _columns(procedure, roles, links)
    nodes = [
        Node(number, _shape(number in decisions, number in (begins, finish) or step.terminator), columns[number])
        for number, step in enumerate(procedure.steps)
    ]
    if starts and begins == MULAI:
        nodes.insert(0, Node(MULAI, Shape.CAPSULE, columns[starts[0]][:1], words.START))
    last = len(procedure.steps)
    ending = [link.source for link in links if link.target == last]
    if ending:
        nodes.append(Node(last, Shape.CAPSULE, columns[max(ending)][:1], words.FINISH))
    return Chart(tuple(nodes), tuple(links), last, max(1, len(roles)))


def _decides(flow: Flow, row: str) -> bool:
    """True for a diamond: the choices of the row, made by a person or by the record, lead to more than one place."""
    step = flow.steps[row]
    return step.is_decision or len({exit.next for exit in flow.exits(row)}) > 1


def _shape(decides: bool, terminal: bool) -> Shape:
    if decides:
        return Shape.DIAMOND
    return Shape.CAPSULE if terminal else Shape.BOX


def _finish(flow: Flow) -> int:
    """Number of the row that stands for the end: a printed "selesai", the only row that ends, else past the last."""
    rows = flow.procedure.steps
    ends = [row.id for row in rows if not row.terminator and {END, CLOSE} & set(flow.targets(row.id))]
    printed = [flow.order[row.id] for row in rows if row.terminator]
    if printed:
        return printed[-1]
    if len(ends) == 1 and set(flow.targets(ends[0])) <= {END, CLOSE} and not _decides(flow, ends[0]):
        return flow.order[ends[0]]
    return len(rows)


def _links(flow: Flow, finish: int, attributes: Sequence[Attribute]) -> list[Link]:
    links: list[Link] = []
    for number, step in enumerate(flow.procedure.steps):
        if step.terminator:
            continue
        said: dict[int, list[str]] = {}
        for target, label in words.ways(flow, step.id, attributes):
            place = flow.order.get(target, finish)
            ends_itself = place == finish == number and target in (END, CLOSE)
            if not ends_itself:
                said.setdefault(place, []).append(label)
        links.extend(Link(number, place, " / ".join(filter(None, labels))) for place, labels in said.items())
    return links


def _columns(procedure: Procedure, roles: Sequence[Role], links: Sequence[Link]) -> Mapping[int, tuple[int, ...]]:
    """Row to the columns of its performers; a row without any stands in the column of a row that leads to it."""
    place = {role.id: number for number, role in enumerate(roles)}
    found: dict[int, tuple[int, ...]] = {}
    for number, step in enumerate(procedure.steps):
        named = tuple(dict.fromkeys(place[role] for role in step.who if role in place))
        above = [link.source for link in links if link.target == number and link.source in found]
        beside = found.get(max(above, default=number - 1), (0,))[:1]
        found[number] = named or beside
    return found
