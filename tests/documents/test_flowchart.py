"""The drawn sheet: the six procedures to the bend, random ones without a fault, and the same bytes every time."""

from __future__ import annotations

import os
import random
import re
import xml.etree.ElementTree as ET

import pytest

from generators import random_sop
from sheet_checker import bends, crossings, problems
from sheet_procedures import random_procedure
from tanggap.documents.flowchart.chart import columns_of
from tanggap.documents.flowchart.geometry import PAPERS, Geometry, Shape
from tanggap.documents.flowchart.layout import layout
from tanggap.documents.flowchart.measure import source_sans
from tanggap.documents.flowchart.sop_drawing import sheet_of, text_version
from tanggap.documents.flowchart.svg import STYLE, svg
from tanggap.documents.flowchart.words import sentences
from tanggap.sop.model import END, Attribute, Exit, Procedure, Role, Sop, Start, Step, Timeout
from tanggap.sop.seeds import seed

RANDOM = int(os.environ.get("TANGGAP_RANDOM", "30"))
"""How many random procedures are drawn; each paper takes its share of them."""

SIX = {
    ("ub-fmipa-mipa-care", "keluhan"): 8,
    ("unej-uc3", "uc3"): 6,
    ("its-bapkm-keluhan", "keluhan"): 8,
    ("unmul-ft-komunikasi-pelanggan", "komunikasi"): 12,
    # row 5 stands in the pengelola's column, so passing rows 3 and 4 by takes two bends
    ("unesa-feb-pengaduan", "tidak-langsung"): 5,
    ("unesa-feb-pengaduan", "langsung"): 6,
}
"""Procedure to the most bends its arrows may have on paper."""


def drawn(document: str, procedure: str, paper: str = "a4") -> Geometry:
    sop = seed(document)
    return sheet_of(sop, sop.procedure(procedure), paper)


def small(*steps: Step, roles: int = 3, paper: str = "a4", **more: object) -> Geometry:
    lanes = tuple(Role(id=name, label=name.upper()) for name in "abcdefghi"[:roles])
    return layout(Procedure(id="p", steps=steps, **more), lanes, PAPERS[paper], source_sans)  # type: ignore[arg-type]


# the six procedures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize(("document", "procedure"), SIX)
def test_a_seed_procedure_is_drawn_without_a_fault(document: str, procedure: str, paper: str) -> None:
    """X-1: six procedures, one way of drawing."""
    sop = seed(document)
    chosen = sop.procedure(procedure)
    assert problems(drawn(document, procedure, paper), chosen, columns_of(sop, chosen)) == []


@pytest.mark.parametrize("paper", ["a4", "f4"])
@pytest.mark.parametrize(("document", "procedure"), SIX)
def test_on_paper_the_arrows_of_a_seed_procedure_never_cross(document: str, procedure: str, paper: str) -> None:
    geometry = drawn(document, procedure, paper)
    assert crossings(geometry) == 0
    assert bends(geometry) <= SIX[document, procedure]


def test_the_long_procedure_breaks_into_two_sheets_with_numbered_connectors() -> None:
    geometry = drawn("unmul-ft-komunikasi-pelanggan", "komunikasi")
    assert [list(page.rows) for page in geometry.pages] == [list(range(10)), list(range(10, 19))]
    marks = [[(s.number, s.outgoing, s.pages) for s in page.symbols if s.number] for page in geometry.pages]
    assert sorted(marks[0]) == [(1, True, (2,)), (2, True, (2,))]
    assert sorted(marks[1]) == [(1, False, (1,)), (2, False, (1,))]
    notes = {line.text for page in geometry.pages for symbol in page.symbols for line in symbol.note}
    assert notes == {"ke", "dari", "hal. 1", "hal. 2"}


def test_the_header_stands_on_every_sheet_with_the_captions_as_printed() -> None:
    for page in drawn("unmul-ft-komunikasi-pelanggan", "komunikasi").pages:
        heads = {cell.column: " ".join(line.text for line in cell.lines) for cell in page.cells if cell.row < 0}
        assert heads["what"] == "Aktivitas"
        assert (heads["who"], heads["standard"]) == ("Pelaksana", "Mutu Baku")
        assert [heads[str(number)] for number in range(4)] == [
            "Dekan",
            "Wakil Dekan",
            "Kasubbag Akademik & Kemahasiswaan",
            "Kabag TU",
        ]


def test_printed_numbers_and_times_stand_as_printed() -> None:
    """S1-11 and X-2: blank and repeated numbers keep their place, "-" and an empty time differ."""
    cells = {
        (c.row, c.column): " ".join(line.text for line in c.lines) for c in drawn("unej-uc3", "uc3").pages[0].cells
    }
    assert [cells[row, "no"] for row in range(6)] == ["1.", "2.", "", "", "", "3."]
    cells = {(c.row, c.column): c for c in drawn("ub-fmipa-mipa-care", "keluhan").pages[0].cells}
    assert [line.text for line in cells[0, "time"].lines] == ["-"]
    assert cells[0, "output"].lines == ()


def test_start_and_end_are_capsules_and_never_an_extra_row() -> None:
    """S4-16: "selesai" is a terminator; S3: rows that end early meet in one Selesai."""
    shapes = {s.node: s.shape for s in drawn("ub-fmipa-mipa-care", "keluhan").pages[0].symbols}
    assert (shapes[0], shapes[1], shapes[6]) == (Shape.CAPSULE, Shape.DIAMOND, Shape.CAPSULE)
    shapes = {s.node: s.shape for s in drawn("unesa-feb-pengaduan", "tidak-langsung").pages[0].symbols}
    assert shapes[7] is Shape.CAPSULE
    assert 8 not in shapes
    first = drawn("unej-uc3", "uc3").pages[0]
    assert [s.lines[0].text for s in first.symbols if s.lines] == ["Mulai"]
    last = drawn("unmul-ft-komunikasi-pelanggan", "komunikasi").pages[-1]
    assert [s.lines[0].text for s in last.symbols if s.lines and not s.number] == ["Selesai"]
    assert {cell.row for cell in last.cells} == {-1, *range(10, 19)}


def test_an_unused_lane_is_printed_and_a_lane_of_the_other_procedure_is_not() -> None:
    """S4: "Pihak lainnya" is printed although nobody there performs anything."""
    sop = seed("unesa-feb-pengaduan")
    lanes = [role.id for role in columns_of(sop, sop.procedure("langsung"))]
    assert lanes == ["pengadu", "lain", "petugas", "pejabat"]


# random procedures -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", PAPERS)
def test_random_procedures_are_drawn_without_a_fault(paper: str) -> None:
    share = list(PAPERS).index(paper)
    for number in range(share, RANDOM, len(PAPERS)):
        procedure, roles = random_procedure(number)
        found = problems(layout(procedure, roles, PAPERS[paper], source_sans), procedure, roles)
        assert not found, f"seed {number}: {found[:4]}"


@pytest.mark.parametrize("paper", PAPERS)
def test_random_documents_are_drawn_without_a_fault(paper: str) -> None:
    share = list(PAPERS).index(paper)
    for number in range(share, RANDOM, len(PAPERS)):
        sop = random_sop(random.Random(number), size=3 + number % 20)
        procedure = sop.procedures[0]
        found = problems(sheet_of(sop, procedure, paper), procedure, columns_of(sop, procedure))
        assert not found, f"seed {number}: {found[:4]}"


def test_the_same_procedure_gives_the_same_bytes() -> None:
    procedure, roles = random_procedure(7)
    texts = [
        svg(layout(procedure, roles, PAPERS["a4"], source_sans), title="x", prefix="x", standalone=True)
        for _ in range(2)
    ]
    assert texts[0] == texts[1]


# odd procedures --------------------------------------------------------------------------------------------------


def step(row: str, *who: str, **more: object) -> Step:
    return Step(id=row, no=row, what=f"Mengerjakan {row}", who=who, **more)  # type: ignore[arg-type]


ODD: dict[str, tuple[Step, ...]] = {
    "a single row": (step("1", "a"),),
    "a row without performer": (step("1", "a"), step("2"), step("3", "b")),
    "a row that repeats itself": (
        step("1", "a"),
        step("2", "b", question="?", choices=(Exit(label="Ulang", next=("2",)), Exit(label="Cukup", next=(END,)))),
    ),
    "rows that never end": (step("1", "a"), step("2", "b", next=("1",))),
    "a row nobody reaches": (step("1", "a", next=("3",)), step("2", "b"), step("3", "a")),
    "three exits and a timeout": (
        step("1", "a"),
        step(
            "2",
            "b",
            question="?",
            choices=tuple(Exit(label=f"Pilihan {to}", next=(to,)) for to in ("3", "4", "1")),
            timeout=Timeout(next=("5",)),
        ),
        step("3", "a"),
        step("4", "c"),
        step("5", "b"),
    ),
    "joint performers with a gap": (step("1", "a"), step("2", "a", "c"), step("3", "b"), step("4", "c", "a")),
    "a parallel split": (
        step("1", "a", next=("2", "3")),
        step("2", "b"),
        step("3", "c"),
        step("4", "a", after=("2", "3")),
    ),
}


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("kind", ODD)
def test_odd_procedures_are_drawn_too(kind: str, paper: str) -> None:
    procedure = Procedure(id="p", steps=ODD[kind])
    roles = tuple(Role(id=name) for name in "abc")
    assert problems(layout(procedure, roles, PAPERS[paper], source_sans), procedure, roles) == []


def test_a_table_without_rows_or_columns_still_has_its_header() -> None:
    page = layout(Procedure(id="p"), (), PAPERS["a4"], source_sans).pages[0]
    assert {cell.row for cell in page.cells} == {-1}
    assert page.symbols == ()


def test_several_starts_hang_below_one_mulai() -> None:
    geometry = small(step("1", "a"), step("2", "b"), start=(Start(at="2", when={"kind": ("question",)}), Start(at="1")))
    page = geometry.pages[0]
    starts = {(page.symbols[a.source].node, page.symbols[a.target].node) for a in page.arrows}
    assert {(-1, 0), (-1, 1)} <= starts
    words = [line.text for arrow in page.arrows if arrow.label for line in arrow.label.lines]
    assert words == ["pertanyaan"]


def test_what_the_record_decides_is_a_diamond_with_the_values_as_labels() -> None:
    page = drawn("its-bapkm-keluhan", "keluhan").pages[0]
    row = next(symbol for symbol in page.symbols if symbol.node == 5)
    assert row.shape is Shape.DIAMOND
    labels = {a.label.lines[0].text for a in page.arrows if a.label and page.symbols[a.source] is row}
    assert labels == {"LK ada", "LK tidak"}


def test_an_over_long_text_or_too_many_performers_give_a_larger_sheet() -> None:
    long = Step(id="1", no="1", what="kata " * 4000, who=("a",))
    assert small(long).pages[0].height > PAPERS["a4"].height  # type: ignore[operator]
    lanes = tuple(Role(id=f"r{number}", label=f"Pelaksana {number}") for number in range(40))
    rows = tuple(step(str(number), f"r{number}") for number in range(40))
    procedure = Procedure(id="p", steps=rows)
    geometry = layout(procedure, lanes, PAPERS["f4"], source_sans)
    assert geometry.pages[0].width > PAPERS["f4"].width
    assert [text for text in problems(geometry, procedure, lanes) if "the page is" not in text] == []


# words and bytes -------------------------------------------------------------------------------------------------


def test_each_row_has_its_sentence() -> None:
    sop = seed("ub-fmipa-mipa-care")
    said = sentences(sop.procedure("keluhan"), sop.roles)
    assert said[4] == "Langkah 5, Pimpinan, keputusan. Ya: ke langkah 6; Tidak: kembali ke langkah 4."
    assert said[6] == "Langkah 7, Pengguna Layanan, kegiatan. Selesai."
    sop = seed("unej-uc3")
    assert sentences(sop.procedure("uc3"), sop.roles)[2].startswith("Baris 3, Koord. PKIHI, keputusan. ya: ke baris 5;")
    sop = seed("its-bapkm-keluhan")
    assert "Laporan Ketidaksesuaian ada: ke langkah f" in sentences(sop.procedures[0], sop.roles, sop.attributes)[5]


def test_the_text_version_says_what_is_done_and_in_which_time() -> None:
    sop = seed("ub-fmipa-mipa-care")
    said = text_version(sop, sop.procedure("keluhan"))
    assert "Melakukan koordinasi dengan pihak terkait yang di komplain. Waktu 3 Hari. Ke langkah 4." in said[2]
    assert "Waktu" not in said[0]


def test_the_svg_is_well_formed_named_and_free_of_inline_style_and_script() -> None:
    (text,) = svg(drawn("ub-fmipa-mipa-care", "keluhan", "web"), title="MIPA Care", prefix="sop-a")
    root = ET.fromstring(text)
    assert root.get("role") == "img"
    assert root.get("lang") == "id"
    space = "{http://www.w3.org/2000/svg}"
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert ids == (root.get("aria-labelledby") or "").split() == ["sop-a-1-t", "sop-a-1-d"]
    assert root.findtext(f"{space}title") == "MIPA Care"
    assert (root.findtext(f"{space}desc") or "").count("Langkah") == 7
    assert "style" not in text
    assert "<script" not in text
    words = " ".join("".join(element.itertext()) for element in root.iter(f"{space}text"))
    assert words.index("Melaporkan keluhan") < words.index("Memeriksa keluhan") < words.index("Menerima hasil")


def test_every_class_of_a_sheet_is_styled() -> None:
    (text, *_) = svg(drawn("unmul-ft-komunikasi-pelanggan", "komunikasi"), title="x", prefix="x")
    used = {name for names in re.findall(r'class="([^"]+)"', text) for name in names.split()}
    assert used - {name for name in used if f".{name}" in STYLE} == set()


def test_words_from_a_file_cannot_break_out_of_the_drawing() -> None:
    evil = '</text><script>alert("x")</script>\x00\ud800 & "'
    geometry = small(
        Step(id="1", no="1", what=evil, who=("a",), needs=(evil,), output=evil, note=evil),
        Step(id="2", no="2", who=("b",), question="?", choices=(Exit(label=evil), Exit(label="b", next=("1",)))),
    )
    for text in svg(geometry, title=evil, prefix='"><x', standalone=True):
        root = ET.fromstring(text.encode("utf-8"))
        assert not [element for element in root.iter() if element.tag.endswith("script")]


def test_a_condition_of_a_declared_attribute_is_said_with_its_short_name() -> None:
    sop = Sop(
        identity=seed("unej-uc3").identity,
        attributes=(Attribute(id="jenis", label="Jenis", values=("x", "y")),),
        roles=(Role(id="a"),),
        procedures=(
            Procedure(
                id="p",
                steps=(
                    step("1", "a", choices=(Exit(next=("3",), when={"jenis": ("x",)}), Exit(next=("2",)))),
                    step("2", "a"),
                    step("3", "a"),
                ),
            ),
        ),
    )
    page = sheet_of(sop, sop.procedures[0], "a4").pages[0]
    assert {" ".join(line.text for line in a.label.lines) for a in page.arrows if a.label} == {"Jenis x", "Jenis y"}
