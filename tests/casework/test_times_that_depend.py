"""Times that depend: each sayable in the file, run by the engine, and told by the dry run and by the page of the SOP.

The rows of :data:`CONSTRUCTS` stand in docs/sop-file.md with the words that tell them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import offices
from stories import hm, sop
from tanggap.casework.law import read_law
from tanggap.casework.walk import Plan, Walk, walk
from tanggap.cli.commands import sop_walk
from tanggap.sop.model import Sop
from tanggap.worktime.duration import parse

DOC = Path(__file__).parents[2] / "docs" / "sop-file.md"
MONDAY = "2026-11-16"
ANSWER = '{ id = "jawab", no = "9", who = "pimpinan", record = "answer" }'
LETTER = '{ id = "surat", no = "1", who = "operator" }'


@dataclass(frozen=True)
class Construct:
    """One way a time may depend: the file, the plan, by when the row is due (by the wall clock), what is told of it."""

    rows: str
    due: str
    says: str
    row: str = "1"
    start: str = f"{MONDAY} 08.00"
    head: str = ""
    more: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    linked: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def document(self) -> Sop:
        return sop(f"{self.rows}, {ANSWER}", head=self.head, more=self.more)

    def walked(self) -> Walk:
        linked = {name: {mark: offices.at(at) for mark, at in marks.items()} for name, marks in self.linked.items()}
        after = {row: parse(time) for row, time in self.after.items()}
        plan = Plan(after=after, attributes={"kind": "complaint", **self.facts}, linked=linked)
        return walk(self.document(), offices.EXAMPLE, start=offices.at(self.start), plan=plan)


BY_URGENCY = (
    '{ no = "1", who = "operator", counted_from = "receipt", '
    'time_by = { urgensi = { tinggi = "1x24 jam", rendah = "2 minggu" } } }'
)
BY_KIND = (
    '{ no = "1", who = "operator", time = "3 hari", '
    'time_by = { kind = { question = "1 hari", complaint = "5 hari kerja" } } }'
)
TELLS_URGENCY = "Waktu menurut urgensi: tinggi: 1x24 jam (24 jam nyata); rendah: 2 minggu"
OUTSIDER = (
    f'{LETTER}, {{ id = "tanggapan", no = "2", who = "luar", time = "10 hari kalender", '
    'counted_from = "delivered:surat", timeout = { next = "ingatkan" }, next = "jawab" }, '
    '{ id = "ingatkan", no = "3", who = "operator" }'
)
BELL = (
    '{ no = "1", who = "operator", time = "3 hari", next = "end", '
    'timeout = { after = "1 jam", next = "jawab", keep = true } }'
)
DUTY = '{ no = "1", who = "operator", time = "15 menit" }, { id = "piket", no = "2", who = "dekan", time = "1x24 jam" }'
AGREED = (
    '{ no = "1", who = "operator", next = "2" }, { no = "2", who = "pelapor", time = "3 hari", question = "Sesuai?", '
    'choices = [{ label = "Ya" }, { label = "Tidak" }], timeout = { choice = "Ya" } }'
)

CONSTRUCTS = {
    "by urgency, high": Construct(BY_URGENCY, "2026-11-17 08.00", TELLS_URGENCY, facts={"urgensi": "tinggi"}),
    "by urgency, low": Construct(BY_URGENCY, "2026-11-30 23.59", TELLS_URGENCY, facts={"urgensi": "rendah"}),
    "by kind": Construct(
        BY_KIND, "2026-11-17 16.00", "Pertanyaan: 1 hari; Keluhan: 5 hari kerja; selain itu: 3 hari",
        facts={"kind": "question"},
    ),
    "by kind, another": Construct(BY_KIND, "2026-11-19 16.00", "selain itu: 3 hari", facts={"kind": "suggestion"}),
    "two standards": Construct(
        '{ no = "1", who = "operator", time = "3 hari", respond = "1 jam" }', "2026-11-19 16.00",
        "Respons pertama: 1 jam",
    ),
    "limit": Construct(
        '{ no = "1", who = "operator", time = "1 jam" }', "2026-11-16 09.00",
        "Seluruh prosedur: 2 jam sejak laporan diterima", head='limit = "2 jam"',
    ),
    "clock on the case": Construct(
        '{ no = "1", who = "operator", time = "1 jam" }', "2026-11-16 09.00",
        "statuta: 5 hari kerja sejak berkas lengkap, sampai pelapor dijawab (Statuta)",
        head='clock = [{ id = "statuta", kind = "law", time = "5 hari kerja", from = "complete", until = "answered", '
        'source = "Statuta" }]',
    ),
    "proof of receipt": Construct(
        OUTSIDER, "2026-11-26 23.59", "Dihitung sejak bukti diterima dari langkah 1", row="2",
    ),
    "silence opens a row": Construct(
        OUTSIDER, "2026-11-26 23.59", "Bila waktu itu lewat: langkah 3", row="2",
        after={"tanggapan": "20 hari kalender"},
    ),
    "a bell": Construct(BELL, "2026-11-19 16.00", "Bila 1 jam lewat, dibuka pula langkah 9"),
    "a choice by time": Construct(AGREED, "2026-11-19 16.00", "Bila waktu itu lewat, dianggap “Ya”", row="2"),
    "working days": Construct('{ no = "1", who = "operator", time = "3 hari" }', "2026-11-19 16.00", "3 hari"),
    "calendar days": Construct(
        '{ no = "1", who = "operator", time = "5 hari kalender" }', "2026-11-21 23.59", "5 hari kalender"
    ),
    "wall clock": Construct(
        '{ no = "1", who = "operator", time = "3x24 jam" }', "2026-11-19 08.00",
        "“3x24 jam” dibaca sebagai 72 jam nyata",
    ),
    "weeks": Construct('{ no = "1", who = "operator", time = "2 minggu" }', "2026-11-30 23.59", "2 minggu"),
    "months": Construct('{ no = "1", who = "operator", time = "1 bulan" }', "2026-12-16 23.59", "1 bulan"),
    "means": Construct(
        '{ no = "1", who = "operator", time = "5-10 menit", means = "10 menit" }', "2026-11-16 08.10",
        "“5-10 menit” dibaca sebagai 10 menit kerja",
    ),
    "reading": Construct(
        '{ no = "1", who = "operator", time = "3 hari" }', "2026-11-19 23.59",
        "“3 hari” dibaca sebagai 3 hari kalender",
        more='[reading]\nhari = "hari kalender"',
    ),
    "office hours choose the entry": Construct(
        DUTY, "2026-11-17 20.00", "Mulai pada langkah 2 bila jam penerimaan: di luar jam kerja", row="2",
        start=f"{MONDAY} 20.00", head='start = [{ when = { hours = "out" }, at = "piket" }]',
    ),
    "a window": Construct(
        '{ no = "1", who = "operator", next = "jawab" }, { id = "tolak", no = "2", who = "operator", time = "1 jam" }',
        "2026-11-16 09.00",
        "Tepat waktu: 10 hari kerja sejak tanda “diputus” pada laporan terkait (perkara); hanya satu kali",
        row="2", linked={"perkara": {"diputus": "2026-10-01 09.00"}},
        head='window = { relation = "perkara", from = "diputus", within = "10 hari kerja", once = true }\n'
        'start = [{ when = { in_time = "no" }, at = "tolak" }]',
    ),
    "a moment of another case": Construct(
        '{ no = "1", who = "operator", time = "10 hari kerja", counted_from = "linked:perkara:diputus" }',
        "2026-11-25 16.00", "Dihitung sejak tanda “diputus” pada laporan terkait (perkara)",
        linked={"perkara": {"diputus": "2026-11-11 09.00"}},
    ),
    "counted from a row": Construct(
        '{ no = "1", who = "operator" }, { no = "2", who = "operator" }, '
        '{ no = "3", who = "pimpinan", time = "1 hari", counted_from = "done:1" }',
        "2026-11-17 16.00", "Dihitung sejak langkah 1 selesai", row="3", after={"1": "1 jam", "2": "1 hari"},
    ),
    "more time": Construct(
        '{ no = "1", who = "operator", time = "3 hari", extend = { by = "2 hari kerja", at_most = 2 } }',
        "2026-11-19 16.00", "Dapat diperpanjang 2 kali, tiap kali paling lama 2 hari kerja",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_each_is_counted_by_the_engine_and_told_by_the_dry_run(name: str) -> None:
    """S4-7: by kind and urgency among them."""
    construct = CONSTRUCTS[name]
    found = construct.walked()
    row = next(row for row in found.rows if row.number == construct.row)
    assert row.due == offices.at(construct.due)
    assert construct.says in "\n".join(sop_walk._told(found))


def test_the_page_of_the_sop_tells_the_same_words() -> None:
    from tanggap.sop.flow import Flow
    from tanggap.web import path, times

    for name, construct in CONSTRUCTS.items():
        document = construct.document()
        flow = Flow(document.procedures[0])
        lines = [line for node in path.readable(document, flow) for line in node.meta]
        told = "\n".join([*lines, *times.of_procedure(document, flow)])
        assert construct.says in told, name


def test_every_key_by_which_time_depends_stands_in_the_table_of_the_document_with_words_that_are_told() -> None:
    text = DOC.read_text("utf-8")
    table = text[text.index("### Times that depend") : text.index("Where it goes:")]
    told = "\n".join("\n".join(sop_walk._told(one.walked())) for one in CONSTRUCTS.values())
    words = [line.split("|")[3].strip() for line in table.splitlines() if line.startswith("| `")]
    assert len(words) >= 12
    assert [one for one in words if one not in told] == []


def test_silence_takes_the_exit_of_time_and_the_dry_run_shows_when() -> None:
    """X-4: whoever stands outside has a due moment for information, and is never late."""
    found = CONSTRUCTS["silence opens a row"].walked()
    assert [(row.number, row.opened) for row in found.rows] == [
        ("1", hm("08.00")), ("2", hm("08.00")), ("3", offices.at("2026-11-26 23.59")),
        ("9", offices.at("2026-11-26 23.59")),
    ]  # fmt: skip
    assert found.rows[1].timeout == offices.at("2026-11-26 23.59")
    answered = CONSTRUCTS["proof of receipt"].walked()
    assert [row.number for row in answered.rows] == ["1", "2", "9"]


def test_a_bell_rings_beside_its_row_and_a_first_word_has_a_moment_of_its_own() -> None:
    bell = CONSTRUCTS["a bell"].walked()
    assert [(row.number, row.opened) for row in bell.rows] == [("1", hm("08.00")), ("9", hm("09.00"))]
    assert CONSTRUCTS["two standards"].walked().rows[0].respond == hm("09.00")


def test_the_whole_way_is_held_against_the_limit_the_promise_and_the_law() -> None:
    """S0-12, X-1: the sum of the steps beside what was promised and what the law says."""
    law = read_law('[[clock]]\nid = "uji"\ntime = "1 hari kerja"\nsource = "UU"\nwhen = { kind = ["complaint"] }')
    rows = (
        '{ no = "1", who = "operator", time = "1 jam" }, '
        '{ no = "2", who = "pimpinan", time = "3 hari", record = "answer" }'
    )
    document = sop(rows, head='limit = "2 hari"')
    found = walk(document, offices.EXAMPLE, start=hm("08.00"), plan=Plan(attributes={"kind": "complaint"}), law=law)
    assert found.promised is not None
    assert (found.promised.due_at, found.answered) == (offices.at("2026-11-18 16.00"), offices.at("2026-11-19 16.00"))
    assert [(one.clock, one.kind, one.due, one.met) for one in found.wholes] == [
        ("clock:limit", "promise", offices.at("2026-11-18 16.00"), offices.at("2026-11-19 16.00")),
        ("clock:law-uji", "law", offices.at("2026-11-17 16.00"), offices.at("2026-11-19 16.00")),
    ]
    told = "\n".join(sop_walk._told(found))
    for words in ("janji (2 hari)", "seluruh prosedur (2 hari)", "lewat 1 hari kerja", "uji (1 hari kerja)",
                  "lewat 2 hari kerja", "3 hari kerja sesudah diterima"):  # fmt: skip
        assert words in told, words
    soon = walk(document, offices.EXAMPLE, start=hm("08.00"), plan=Plan(after={"2": parse("15 menit")}), law=law)
    assert "cukup, 2 hari kerja sebelumnya" in "\n".join(sop_walk._told(soon))


def test_the_promise_of_a_row_counted_from_the_receipt_is_counted_from_the_receipt() -> None:
    """S4-7: "2 minggu" from the receipt is not "2 minggu" after the hour before."""
    rows = (
        '{ no = "1", who = "operator", time = "2 hari" }, { no = "2", who = "operator", record = "answer", '
        'counted_from = "receipt", time_by = { urgensi = { tinggi = "3 hari", rendah = "2 minggu" } } }'
    )
    low = walk(sop(rows), offices.EXAMPLE, start=hm("08.00"), plan=Plan(attributes={"urgensi": "rendah"})).promised
    assert low is not None
    assert low.due_at == offices.at("2026-11-30 23.59")
    high = walk(sop(rows), offices.EXAMPLE, start=hm("08.00"), plan=Plan(attributes={"urgensi": "tinggi"})).promised
    assert high is not None
    assert high.due_at == offices.at("2026-11-19 16.00")
