"""An SOP as BPMN 2.0 XML, as far as BPMN says the same: sequence, exclusive choice, loops, parallel arms with a join.

Written from the printed table alone. Nothing here asks the product's own graph (``tanggap.sop.flow``): arms, joins and
defaults are found by the printed order of the rows, so that a mistake there cannot repeat itself here. A block of
parallel arms becomes a sub-process; an exit out of it to a row above is an error caught on its boundary, which in BPMN
ends whatever still runs inside: that is how BPMN says "a return takes back what grew out of that row".
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from xml.etree import ElementTree as ET

from tanggap.sop.model import CLOSE, END, Exit, Procedure, Step

NAMESPACE = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
ET.register_namespace("bpmn", NAMESPACE)
ET.register_namespace("xsi", SCHEMA_INSTANCE)

PROCESS = "procedure"


class NotSayable(ValueError):
    """The table says something that BPMN does not say the same way."""


@dataclass(frozen=True)
class Block:
    """Parallel arms: the row that opens them, the first row of each arm, and the row that waits for all."""

    fork: str
    arms: tuple[str, ...]
    join: str


class Table:
    """The rows in printed order, every default filled in, and the blocks of parallel arms they are nested in."""

    def __init__(self, procedure: Procedure) -> None:
        self.steps = {step.id: step for step in procedure.steps}
        self.order = {row: number for number, row in enumerate(self.steps)}
        self.blocks: dict[str, Block] = {}  # fork row -> block
        self.inside: dict[str, tuple[Block, ...]] = {}  # row -> blocks around it, outermost first
        self._find_blocks()

    def exits(self, row: str) -> tuple[Exit, ...]:
        """The exits of ``row`` with their targets; one without a label when the row has no choices."""
        step = self.steps[row]
        onward = self._onward(step)
        return tuple(replace(exit, next=exit.next or onward) for exit in step.choices) or (Exit(next=onward),)

    def _onward(self, step: Step) -> tuple[str, ...]:
        if step.next is not None:
            return step.next
        waiting = [other.id for other in self.steps.values() if step.id in other.after]
        following = [other for other in self.steps if self.order[other] == self.order[step.id] + 1]
        return tuple((waiting or following or [END])[:1])

    def stand(self, target: str) -> str:
        """Where a case sent to ``target`` comes to stand: standing duties are passed by, a terminator is the end."""
        while target in self.steps and self.steps[target].standing:
            (target,) = self._onward(self.steps[target])
        return END if target in self.steps and self.steps[target].terminator else target

    def _find_blocks(self) -> None:
        """Forks and joins nest in printed order like brackets."""
        forks: list[str] = []
        joins: dict[str, str] = {}
        for row in self.steps:
            if self.steps[row].after:
                if not forks:
                    raise NotSayable(f"row {row} waits for arms that nothing opened")
                joins[forks.pop()] = row
            if any(len(exit.next or ()) > 1 for exit in self.exits(row)):
                forks.append(row)
        if forks:
            raise NotSayable(f"the arms of row {forks[-1]} never meet")
        open_blocks: list[Block] = []
        for row in self.steps:
            if open_blocks and open_blocks[-1].join == row:
                open_blocks.pop()
            self.inside[row] = tuple(open_blocks)
            if row in joins:
                (exit,) = self.exits(row)
                self.blocks[row] = Block(row, exit.next or (), joins[row])
                open_blocks.append(self.blocks[row])

    def arm(self, row: str, block: Block) -> str:
        """The first row of the arm of ``block`` that ``row`` stands in."""
        return max((arm for arm in block.arms if self.order[arm] <= self.order[row]), key=self.order.__getitem__)


@dataclass
class _Scope:
    """The process, or the sub-process of one block, while it is being written."""

    element: ET.Element
    block: Block | None
    outer: _Scope | None
    flows: int = 0
    caught: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        return str(self.element.get("id"))

    def node(self, kind: str, id: str, **attributes: str) -> ET.Element:
        return ET.SubElement(self.element, _tag(kind), {"id": id, **attributes})

    def flow(self, source: str, target: str, condition: str = "", *, default: bool = False) -> None:
        self.flows += 1
        id = f"{self.id}_flow{self.flows}"
        line = ET.SubElement(
            self.element, _tag("sequenceFlow"), {"id": id, "sourceRef": source, "targetRef": target}
        )  # fmt: skip
        if condition:
            kind = {f"{{{SCHEMA_INSTANCE}}}type": "bpmn:tFormalExpression"}
            ET.SubElement(line, _tag("conditionExpression"), kind).text = condition
        if default:
            gateway = next(one for one in self.element if one.get("id") == source)
            gateway.set("default", id)


class _Writer:
    def __init__(self, procedure: Procedure) -> None:
        self.table = Table(procedure)
        self.root = ET.Element(_tag("definitions"), {"id": "definitions", "targetNamespace": "urn:tanggap:oracle"})
        self.errors: dict[str, str] = {}

    def xml(self, first: str) -> bytes:
        process = ET.Element(_tag("process"), {"id": PROCESS, "isExecutable": "true"})
        scope = _Scope(process, None, None)
        scope.node("startEvent", "start")
        self._rows(scope)
        scope.flow("start", self._target(scope, first, ""))
        for name, id in self.errors.items():
            ET.SubElement(self.root, _tag("error"), {"id": id, "name": name, "errorCode": name})
        self.root.append(process)
        return ET.tostring(self.root, encoding="utf-8", xml_declaration=True)

    def _rows(self, scope: _Scope) -> None:
        """The rows that stand directly in this scope, and what leads out of each."""
        around = () if scope.block is None else (*self.table.inside[scope.block.fork], scope.block)
        rows = [row for row, blocks in self.table.inside.items() if blocks == around]
        for row in rows:
            if self.table.stand(row) == row:
                scope.node("userTask", self.task(row), name=row)
        for row in rows:
            if self.table.stand(row) == row:
                self._leave(scope, row)

    def _leave(self, scope: _Scope, row: str) -> None:
        step, exits = self.table.steps[row], self.table.exits(row)
        if row in self.table.blocks:
            self._block(scope, self.table.blocks[row])
            return
        if not step.choices:
            (target,) = exits[0].next or ()
            scope.flow(self.task(row), self._target(scope, target, row))
            return
        gateway = f"{self.task(row)}_which"
        scope.node("exclusiveGateway", gateway)
        scope.flow(self.task(row), gateway)
        for number, exit in enumerate(exits):
            (target,) = exit.next or ()
            condition = chosen(self.task(row), exit) if step.question else _holds(exit)
            scope.flow(gateway, self._set(scope, row, number, exit, target), condition, default=not condition)

    def _set(self, scope: _Scope, row: str, number: int, exit: Exit, target: str) -> str:
        """What an exit says about the case is put on record on the way to its target."""
        aim = self._target(scope, target, row)
        if not exit.set:
            return aim
        script = f"{self.task(row)}_set{number}"
        element = scope.node("scriptTask", script, scriptFormat="text/x-python")
        lines = [f"{name} = {value!r}" for name, value in exit.set.items()]
        ET.SubElement(element, _tag("script")).text = "\n".join(lines)
        scope.flow(script, aim)
        return script

    def _block(self, scope: _Scope, block: Block) -> None:
        """A fork row leads into a sub-process in which every arm runs; the join row follows when all have arrived."""
        id = f"{self.task(block.fork)}_arms"
        inner = _Scope(scope.node("subProcess", id), block, scope)
        inner.node("startEvent", f"{id}_start")
        inner.node("parallelGateway", f"{id}_split")
        inner.flow(f"{id}_start", f"{id}_split")
        inner.node("parallelGateway", f"{id}_join")
        for arm in block.arms:
            inner.node("exclusiveGateway", self._arm_end(inner, arm))
        self._rows(inner)
        for arm in block.arms:
            inner.flow(f"{id}_split", self.task(arm))
            inner.flow(self._arm_end(inner, arm), f"{id}_join")
        inner.flow(f"{id}_join", self._end(inner))
        scope.flow(self.task(block.fork), id)
        scope.flow(id, self.task(block.join))

    def _target(self, scope: _Scope, target: str, source: str) -> str:
        """The node in ``scope`` that a flow from ``source`` to the row ``target`` must aim at."""
        target = self.table.stand(target)
        if target in (END, CLOSE):
            if scope.block is not None:
                raise NotSayable(f"row {source} ends its path inside parallel arms")
            return self._end(scope)
        around = self.table.inside[target]
        here = () if scope.block is None else (*self.table.inside[scope.block.fork], scope.block)
        if around == here:
            if scope.block and source and self.table.arm(source, scope.block) != self.table.arm(target, scope.block):
                raise NotSayable(f"row {source} leads into another arm")
            return self.task(target)
        if scope.block is None or around != here[: len(around)]:
            raise NotSayable(f"row {source} leads into the arms around row {target}")
        if target == scope.block.join:
            return self._arm_end(scope, self.table.arm(source, scope.block))
        if self.table.order[target] > self.table.order[scope.block.fork]:
            raise NotSayable(f"row {source} leads out of its arm past the join")
        return self._escape(scope, target)

    def _escape(self, scope: _Scope, target: str) -> str:
        """An error that ends this block and goes on at ``target`` outside, through as many blocks as lie between."""
        assert scope.outer is not None
        name = f"{scope.id}_to_{self.task(target)}"
        if target not in scope.caught:
            scope.caught.add(target)
            self.errors[name] = f"{name}_error"
            end = scope.node("endEvent", f"{name}_throw")
            ET.SubElement(end, _tag("errorEventDefinition"), {"errorRef": self.errors[name]})
            caught = scope.outer.node("boundaryEvent", f"{name}_catch", attachedToRef=scope.id)
            ET.SubElement(caught, _tag("errorEventDefinition"), {"errorRef": self.errors[name]})
            fork = scope.block.fork if scope.block else ""
            scope.outer.flow(f"{name}_catch", self._target(scope.outer, target, fork))
        return f"{name}_throw"

    def _end(self, scope: _Scope) -> str:
        id = f"{scope.id}_end"
        if all(one.get("id") != id for one in scope.element):
            scope.node("endEvent", id)
        return id

    def _arm_end(self, scope: _Scope, arm: str) -> str:
        return f"{scope.id}_{self.task(arm)}_done"

    def task(self, row: str) -> str:
        return f"row{self.table.order[row]}"


def export(procedure: Procedure, *, first: str = "") -> tuple[bytes, dict[str, str]]:
    """The procedure as BPMN 2.0 XML, and the id of each task with the row it stands for.

    The process is named ``procedure``. A person's choice at a row is read from the variable :func:`variable`, what the
    record says from a variable of the attribute's name. ``first``: the row a case begins at, the first printed one when
    empty. Raises :class:`NotSayable`.
    """
    writer = _Writer(procedure)
    xml = writer.xml(first or procedure.steps[0].id)
    return xml, {writer.task(row): row for row in writer.table.steps}


def variable(task: str) -> str:
    """The process variable in which the choice made at ``task`` stands."""
    return f"choice_{task}"


def chosen(task: str, exit: Exit) -> str:
    """The condition of a choice: a comparison with a quoted id, nothing else is ever evaluated."""
    return f"{variable(task)} == {exit.id!r}"


def _holds(exit: Exit) -> str:
    return " and ".join(f"{name} in {tuple(values)!r}" for name, values in exit.when.items())


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
