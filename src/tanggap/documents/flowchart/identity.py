"""The identity block of an SOP as the official form draws it: letterhead, dates, approval, the six blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tanggap.documents.flowchart.geometry import (
    ASCENT,
    LINE_PITCH,
    Cell,
    Geometry,
    Measure,
    Page,
    Paper,
    Rule,
    Text,
)
from tanggap.documents.flowchart.measure import wrap
from tanggap.sop.model import Form, Identity, Signature, Sop

LABELS: Mapping[str, str] = {
    "number": "NOMOR SOP",
    "unit": "UNIT",
    "revision": "NO. REVISI",
    "created_date": "TGL. PEMBUATAN",
    "revised_date": "TGL. REVISI",
    "review_date": "TGL. TINJAU ULANG",
    "effective_date": "TGL. EFEKTIF",
    "issued_date": "TGL. TERBIT",
    "title": "NAMA SOP",
    "legal_basis": "DASAR HUKUM",
    "qualifications": "KUALIFIKASI PELAKSANA",
    "related": "KETERKAITAN",
    "equipment": "PERALATAN/PERLENGKAPAN",
    "warning": "PERINGATAN",
    "filing": "PENCATATAN DAN PENDATAAN",
    "references": "REFERENSI",
    "users": "PENGGUNA",
    "outgoing_media": "MEDIA KOMUNIKASI",
    "date": "Tanggal",
}
"""Captions of the official form; an SOP's own ``labels`` win over them."""

_FIELDS = ("number", "unit", "revision", "created_date", "revised_date", "review_date", "effective_date", "issued_date")
_OFFICIAL = ("number", "created_date", "revised_date", "effective_date")
_BLOCKS = (("legal_basis", "qualifications"), ("related", "equipment"), ("warning", "filing"))
_MORE = (("references", "users"), ("outgoing_media", ""))
_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
_SIZES = (9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
_PAD = 4.5
_CAPTION = 0.36
"""Part of the right half that the captions take."""


def identity_block(sop: Sop, paper: Paper, measure: Measure) -> Geometry:
    """Draw the identity block of ``sop`` on one sheet. Empty values keep their place, ``"-"`` prints as it stands.

    The text shrinks from 9.5 to 7 points until the sheet holds it; below that the sheet grows.
    """
    for size in _SIZES:
        page = _Form(sop.identity, paper, measure, size).page()
        if paper.height is None or page.height <= paper.height + 0.01:
            break
    return Geometry(paper, (page,))


def printed_date(day: date | None) -> str:
    """A date as documents write it, "9 Desember 2021"; empty for none."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if day else ""


def fields(identity: Identity) -> list[tuple[str, str]]:
    """(caption, value) of number, dates and the like: the official ones always, others when the document has them."""
    found = []
    for name in _FIELDS:
        value = getattr(identity, name)
        text = value if isinstance(value, str) else printed_date(value)
        official = identity.form is Form.SOP_AP and name in _OFFICIAL
        if official or text or name in identity.labels:
            found.append((_label(identity, name), text))
    return found


def blocks(identity: Identity) -> list[tuple[tuple[str, tuple[str, ...]], ...]]:
    """Rows of two blocks, each (caption, items): the six official ones, then what else the document lists."""
    official = identity.form is Form.SOP_AP
    rows = []
    for pair in (*_BLOCKS, *_MORE):
        present = [name for name in pair if name and (_items(identity, name) or name in identity.labels)]
        wanted = pair if official and pair in _BLOCKS else present
        if wanted:
            rows.append(tuple((_label(identity, name), _items(identity, name)) for name in wanted))
    return rows


def _label(identity: Identity, name: str) -> str:
    return identity.labels.get(name) or LABELS[name]


def _items(identity: Identity, name: str) -> tuple[str, ...]:
    value = getattr(identity, name)
    return ((value,) if value else ()) if isinstance(value, str) else tuple(value)


@dataclass
class _Form:
    identity: Identity
    paper: Paper
    measure: Measure
    size: float
    cells: list[Cell] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)

    def page(self) -> Page:
        self.left, self.right = self.paper.margin, self.paper.width - self.paper.margin
        self.middle = (self.left + self.right) / 2
        y = self._head(self.paper.margin)
        for row in blocks(self.identity):
            y = self._blocks(row, y)
        y = self._signatures(y)
        height = max(self.paper.height or 0.0, y + self.paper.margin)
        sentences = tuple(f"{caption.rstrip(' :')}: {value or 'kosong'}." for caption, value in fields(self.identity))
        outer = (Rule(self.right, self.paper.margin, self.right, y), Rule(self.left, y, self.right, y))
        cells, rules = tuple(self.cells), (*self.rules, *outer)
        return Page(1, 1, self.paper.width, height, rules=rules, cells=cells, sentences=sentences)

    # parts -------------------------------------------------------------------------------------------------------

    def _head(self, top: float) -> float:
        """Letterhead on the left; number, dates, approval and name on the right. Returns where the next part begins."""
        split = self.middle + (self.right - self.middle) * _CAPTION
        rows: list[tuple[str, tuple[str, ...], bool, float]] = [
            (caption, (value,), False, 0.0) for caption, value in fields(self.identity)
        ]
        rows += [(signature.part, _signed(signature), False, 2.6) for signature in self._alone()]
        title = self.identity.title
        if title:
            rows.append((_label(self.identity, "title"), (title,), True, 0.0))
        y = top
        heights = [self._height(caption, lines, split, room) for caption, lines, _, room in rows]
        letters = self._wrapped(self._letterhead(), self.middle - self.left, bold=True)
        spare = max(0.0, len(letters) * self._line + 4 * _PAD - sum(heights)) / max(1, len(rows))
        for (caption, lines, bold, room), height in zip(rows, heights, strict=True):
            bottom = y + height + spare
            self._cell((self.middle, y, split, bottom), caption, (caption,))
            self._cell((split, y, self.right, bottom), f"{caption} isi", lines, bold=bold, gap=room)
            y = bottom
        self._cell((self.left, top, self.middle, y), "kop", self._letterhead(), bold=True, centred=True)
        return y

    def _letterhead(self) -> tuple[str, ...]:
        parts = (*self.identity.institution, self.identity.heading, self.identity.year)
        return tuple(part for part in parts if part)

    def _alone(self) -> tuple[Signature, ...]:
        """A single approval stands in the head; a chain of them has a row of its own."""
        return self.identity.signatures if len(self.identity.signatures) == 1 else ()

    def _blocks(self, row: Sequence[tuple[str, tuple[str, ...]]], top: float) -> float:
        width = (self.right - self.left) / len(row)
        texts = [self._listed(items, width - 2 * _PAD) for _, items in row]
        height = (1 + max(1, *(len(lines) for lines in texts))) * self._line + 3 * _PAD
        for place, ((caption, _), lines) in enumerate(zip(row, texts, strict=True)):
            left = self.left + place * width
            box = (left, top, left + width, top + height)
            head = self._text(caption, left + _PAD, top + _PAD + ASCENT * self.size, bold=True)
            body = [
                self._text(line, left + _PAD + indent, top + 2 * _PAD + (1 + at) * self._line + ASCENT * self.size)
                for at, (indent, line) in enumerate(lines)
                if line
            ]
            self.cells.append(Cell(box, caption, 0, (head, *body)))
            self._frame(box)
        return top + height

    def _signatures(self, top: float) -> float:
        chain = self.identity.signatures
        if len(chain) < 2:
            return top
        width = (self.right - self.left) / len(chain)
        dated = any(signature.date for signature in chain)
        texts = [_chain_lines(signature, dated, _label(self.identity, "date")) for signature in chain]
        inner = width - 2 * _PAD
        height = max(sum(len(self._wrapped((line,), inner)) for line in lines) for lines in texts)
        bottom = top + (height + 2.6) * self._line + 2 * _PAD
        for place, lines in enumerate(texts):
            left = self.left + place * width
            self._cell((left, top, left + width, bottom), f"tanda tangan {place + 1}", lines, gap=2.6, after=2)
        return bottom

    # drawing -----------------------------------------------------------------------------------------------------

    @property
    def _line(self) -> float:
        return self.size * LINE_PITCH

    def _height(self, caption: str, lines: Sequence[str], split: float, room: float) -> float:
        left = len(self._wrapped((caption,), split - self.middle - 2 * _PAD))
        right = len(self._wrapped(lines, self.right - split - 2 * _PAD))
        return (max(left, right, 1) + room) * self._line + 2 * _PAD

    def _wrapped(self, lines: Sequence[str], width: float, *, bold: bool = False) -> list[str]:
        return [part for line in lines for part in (wrap(line, width, self.size, self.measure, bold=bold) or ("",))]

    def _listed(self, items: Sequence[str], width: float) -> list[tuple[float, str]]:
        """(indent, line): several items are numbered and hang behind their number."""
        if len(items) < 2:
            return [(0.0, line) for line in self._wrapped(items, width)]
        indent = self.measure(f"{len(items)}. ", self.size)
        found = []
        for number, item in enumerate(items, 1):
            first, *rest = self._wrapped((item,), width - indent) or [""]
            found.append((0.0, f"{number}. {first}"))
            found.extend((indent, line) for line in rest)
        return found

    def _cell(
        self,
        box: tuple[float, float, float, float],
        name: str,
        lines: Sequence[str],
        *,
        bold: bool = False,
        centred: bool = False,
        gap: float = 0.0,
        after: int = 1,
    ) -> None:
        """A framed cell; ``gap`` leaves room for a signature, in lines, behind the first ``after`` lines."""
        left, top, right, bottom = box
        inner = right - left - 2 * _PAD
        parts = [self._wrapped((line,), inner, bold=bold) for line in lines]
        count = sum(len(part) for part in parts)
        y = (top + bottom - count * self._line) / 2 if centred else top + _PAD
        x = (left + right) / 2 if centred else left + _PAD
        texts = []
        for place, part in enumerate(parts):
            y += gap * self._line if place == after else 0.0
            for line in part:
                if line:
                    anchor = "middle" if centred else "start"
                    texts.append(self._text(line, x, y + ASCENT * self.size, bold=bold, anchor=anchor))
                y += self._line
        self.cells.append(Cell(box, name, 0, tuple(texts)))
        self._frame(box)

    def _text(self, line: str, x: float, y: float, *, bold: bool = False, anchor: str = "start") -> Text:
        return Text(x, y, line, self.size, self.measure(line, self.size, bold=bold), bold, anchor)

    def _frame(self, box: tuple[float, float, float, float]) -> None:
        """Rule above and to the left; what is to the right or below draws the rest, so no rule is drawn twice."""
        left, top, right, bottom = box
        self.rules += [Rule(left, top, right, top), Rule(left, top, left, bottom)]


def _signed(signature: Signature) -> tuple[str, ...]:
    """Post, then (below the room for the signature) name and NIP; an empty post keeps its line."""
    return (signature.post, signature.name, f"NIP. {signature.nip}" if signature.nip else "")


def _chain_lines(signature: Signature, dated: bool, caption: str) -> tuple[str, ...]:
    def lines() -> Iterator[str]:
        yield from (signature.part, signature.post, signature.name)
        yield f"NIP. {signature.nip}" if signature.nip else ""
        if dated:
            yield f"{caption.rstrip(' :')}: {printed_date(signature.date)}"

    return tuple(lines())
