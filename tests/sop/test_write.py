"""Writing and reading back changes nothing; whatever bytes come in, the loader answers with an SOP or with errors."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generators import random_sop, sops
from tanggap.sop.errors import SopErrors
from tanggap.sop.fields import ODD_CHARACTER
from tanggap.sop.load import load
from tanggap.sop.model import (
    Clock,
    Copy,
    Exit,
    Form,
    Identity,
    Procedure,
    Role,
    Section,
    Signature,
    Sop,
    Start,
    Step,
    Team,
    Timeout,
    Wait,
    Window,
)
from tanggap.sop.seeds import names, seed, text
from tanggap.sop.write import write
from tanggap.worktime.duration import Reading, Unit, parse

printed = st.text(max_size=30).map(lambda words: ODD_CHARACTER.sub("", words).replace("\r", ""))
cells = st.lists(printed, max_size=3).map(tuple)
days = st.none() | st.dates(date(1990, 1, 1), date(2030, 1, 1))
signatures = st.builds(Signature, part=printed, post=printed, name=printed, nip=printed, date=days)
sections = st.builds(Section, no=printed, title=printed, text=printed, items=cells)
copies = st.builds(Copy, no=printed, unit=printed, status=printed, ticked=st.booleans(), date=days)
identities = st.builds(
    Identity,
    id=st.just("sop.uji_1"),
    form=st.sampled_from(Form),
    institution=cells,
    unit=printed,
    number=printed,
    revision=printed,
    title=printed,
    heading=printed,
    year=printed,
    pages=st.none() | st.integers(1, 99),
    created_date=days,
    review_date=days,
    legal_basis=cells,
    related=st.sampled_from([(), ("-",), ("",)]),
    warning=printed,
    channels=cells,
    zone=st.sampled_from(["Asia/Jakarta", "Asia/Makassar"]),
    labels=st.dictionaries(printed, printed, max_size=3),
    signatures=st.lists(signatures, max_size=2).map(tuple),
    sections=st.lists(sections, max_size=2).map(tuple),
    copies=st.lists(copies, max_size=2).map(tuple),
)
readings = st.builds(
    Reading,
    hari=st.sampled_from([Unit.WORK_DAYS, Unit.CALENDAR_DAYS]),
    jam=st.sampled_from([Unit.WORK_HOURS, Unit.CLOCK_HOURS]),
)


def forgetting_hash(sop: Sop) -> Sop:
    return replace(sop, hash="")


@settings(max_examples=150, deadline=None)
@given(sop=sops(wild=True), identity=identities, words=printed)
def test_what_is_written_reads_back_as_it_was(sop: Sop, identity: Identity, words: str) -> None:
    (procedure,) = sop.procedures
    first = replace(procedure.steps[0], what=words, needs=(words, "-"), note=words, output=words)
    procedure = replace(procedure, steps=(first, *procedure.steps[1:]), label="Prosedur uji")
    sop = replace(sop, identity=identity, procedures=(procedure,))
    read = load(write(sop), name="uji")
    assert forgetting_hash(read) == forgetting_hash(sop)
    assert write(read) == write(sop)


@settings(max_examples=50, deadline=None)
@given(reading=readings)
def test_times_read_the_same_after_writing_whatever_bare_words_mean(reading: Reading) -> None:
    times = {"tingkat": {"tinggi": parse("3 jam", reading), "rendah": parse("1x24 jam", reading)}}
    step = Step(id="1", no="1", time=parse("3 hari", reading), time_by=times)
    sop = replace(random_sop(random.Random(1), size=1), reading=reading, procedures=(Procedure("p", steps=(step,)),))
    assert forgetting_hash(load(write(sop), name="uji")) == forgetting_hash(sop)


def test_the_rarer_parts_of_the_format_read_back_as_they_were() -> None:
    hours = parse("3 hari")
    full = Step(
        id="akhir",
        no="3.",
        means="2 jam",
        time=replace(parse("2 jam"), printed="secepatnya"),
        question="Bagaimana?",
        choices=(
            Exit(label="Ya", next=("end",), set={"tingkat": "tinggi"}, mark="putus", answers=True, implied=True),
            Exit(label="Alih", procedure="lain/p", outcome="dialihkan"),
            Exit(label="Ulang", next=("1", "2"), at_most=2, then="close", when={"tingkat": ("tinggi", "rendah")}),
        ),
        timeout=Timeout(after=hours, counted_from="done:1", choice="ya", outcome="lewat"),
        drawn="process",
        waits=(),
        confidential=True,
    )
    procedure = Procedure(
        id="p",
        accepts={"channel": ("web", "surat"), "kind": ("question",)},
        start=(Start(at="2", when={"hours": ("out",)}),),
        limit=hours,
        clocks=(Clock(id="uu", kind="law", time=hours, counted_from="receipt", until="answered", stops=("rapat",)),),
        window=Window("perkara", "diputus", hours, once=True),
        confidential=True,
        steps=(Step(id="1", no="1"), Step(id="2", no="2"), full),
    )
    sop = random_sop(random.Random(1), size=1)
    roles = (*sop.roles, Role(id="ahli", team=Team(min=5, odd=True, min_by={"tingkat": {"tinggi": 7}})))
    waits = (*sop.waits, Wait(id="diam", at_most=hours, then="close", outcome="dicabut", until_needed=True))
    sop = replace(sop, roles=roles, waits=waits, procedures=(procedure,))
    assert forgetting_hash(load(write(sop), name="uji")) == forgetting_hash(sop)


@pytest.mark.parametrize("name", names())
def test_a_seed_reads_back_as_it_was_and_its_canonical_text_is_stable(name: str) -> None:
    canonical = write(seed(name))
    assert load(canonical, name=name) == seed(name)
    assert write(load(canonical, name=name)) == canonical


# hostile input -------------------------------------------------------------------------------------------------------


def try_to_load(content: str | bytes) -> None:
    try:
        load(content, name="uji")
    except SopErrors as caught:
        refused = caught.errors
    else:
        return
    assert refused
    assert all(error.message and error.line >= 0 for error in refused)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200))
@example(b"\xef\xbb\xbf")
@example("a=1e999\nb=inf\nc=nan")
@example("[procedure]\n[[procedure.step]]")
def test_any_bytes_are_read_or_refused(content: str | bytes) -> None:
    try_to_load(content)


odd_values = st.sampled_from(
    [
        "1", "-1", "9" * 30, "1.5", "nan", "true", "[]", "{}", '""', '"-"', "[[]]", "{a={}}", "1979-05-27", "07:32:00",
        '"end"', "[1]", '"\\u202e"', "[{}]", "'''x'''",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(names()), seed_number=st.integers(0, 2**32), value=odd_values, cuts=st.integers(1, 4))
def test_a_damaged_seed_is_read_or_refused(name: str, seed_number: int, value: str, cuts: int) -> None:
    rng, lines = random.Random(seed_number), text(name).split("\n")
    for _ in range(cuts):
        number = rng.randrange(len(lines))
        key, equals, _ = lines[number].partition(" = ")
        damage: list[Any] = [
            f"{key} = {value}" if equals else "",
            lines[number][: rng.randrange(80)],
            rng.choice(lines),
        ]
        lines[number] = rng.choice(damage)
    try_to_load("\n".join(lines))
