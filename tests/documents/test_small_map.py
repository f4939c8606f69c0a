"""The small map of a case: where it stands, what it has walked, and nothing outside the picture."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ET

import pytest

from generators import random_sop
from sheet_procedures import random_procedure
from tanggap.documents.flowchart.small_map import small_map
from tanggap.sop.model import Procedure
from tanggap.sop.seeds import names, seed

SVG = "{http://www.w3.org/2000/svg}"


def parsed(text: str) -> ET.Element:
    """An inline drawing has no namespace of its own; give it one to read it."""
    return ET.fromstring(text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def with_class(root: ET.Element, name: str) -> list[ET.Element]:
    return [element for element in root.iter() if name in (element.get("class") or "").split()]


def test_the_map_shows_where_the_case_stands_and_what_it_walked() -> None:
    sop = seed("ub-fmipa-mipa-care")
    walked = [("1", "2"), ("2", "3"), ("3", "4"), ("4", "5")]
    text = small_map(sop.procedure("keluhan"), sop.roles, here=["5"], walked=walked, prefix="peta-7")
    root = parsed(text)
    assert root.findtext(f"{SVG}title") == "Peta prosedur, Anda di langkah 5"
    assert "kembali ke langkah 4" in (root.findtext(f"{SVG}desc") or "")
    assert len(with_class(root, "here")) == 1
    assert len(with_class(root, "done")) == 4
    assert len([element for element in with_class(root, "walked") if "e" in (element.get("class") or "").split()]) == 4
    assert [element.text for element in with_class(root, "flag-t")] == ["Anda di sini"]
    assert [element.text for element in with_class(root, "here-t")] == ["5"]
    assert {"peta-7-t", "peta-7-d"} == {element.get("id") for element in root.iter() if element.get("id")}


def test_lanes_without_work_are_left_out_and_names_are_shortened_not_lost() -> None:
    sop = seed("unej-uc3")
    words = [element.text or "" for element in parsed(small_map(sop.procedure("uc3"), sop.roles)).iter(f"{SVG}text")]
    assert "Pengirim" not in " ".join(words)
    assert "Staf Humas" in words


def test_a_walk_past_a_standing_row_is_marked_through_it() -> None:
    sop = seed("unmul-ft-komunikasi-pelanggan")
    root = parsed(small_map(sop.procedures[0], sop.roles, here=["4"], walked=[("2", "3"), ("3", "4")]))
    assert len([e for e in with_class(root, "walked") if e.get("class") == "e walked"]) == 2


def test_a_map_without_a_case_has_no_flag() -> None:
    sop = seed("its-bapkm-keluhan")
    root = parsed(small_map(sop.procedures[0], sop.roles))
    assert root.findtext(f"{SVG}title") == "Peta prosedur"
    assert not with_class(root, "flag")


def outside(root: ET.Element) -> list[str]:
    """Coordinates beyond the picture's edge, of shapes and the middle of texts."""
    _, _, width, height = map(float, (root.get("viewBox") or "").split())
    found = []
    for element in root.iter():
        x, y = element.get("x"), element.get("y")
        if x is not None and y is not None and not (-0.1 <= float(x) <= width and -0.1 <= float(y) <= height):
            found.append(f"{element.tag} {x} {y}")
        if element.get("class", "").startswith("e"):
            found += [at for at in re.findall(r"H([\d.-]+)", element.get("d") or "") if not 0 <= float(at) <= width]
    return found


@pytest.mark.parametrize("name", names())
def test_every_row_of_a_seed_can_be_where_a_case_stands(name: str) -> None:
    for procedure in seed(name).procedures:
        for step in procedure.steps:
            root = parsed(small_map(procedure, seed(name).roles, here=[step.id]))
            assert with_class(root, "here")
            assert len(with_class(root, "flag-t")) == 1
            assert outside(root) == []


def test_random_procedures_give_a_whole_map() -> None:
    for number in range(25):
        procedure, roles = random_procedure(number)
        rng = random.Random(number)
        here = [step.id for step in rng.sample(procedure.steps, min(3, len(procedure.steps)))]
        assert outside(parsed(small_map(procedure, roles, here=here, done=here))) == [], f"seed {number}"
    sop = random_sop(random.Random(1), size=15)
    assert outside(parsed(small_map(sop.procedures[0], sop.roles))) == []


def test_a_procedure_without_rows_gives_an_empty_map() -> None:
    assert with_class(parsed(small_map(Procedure(id="p"), ())), "f") == []
