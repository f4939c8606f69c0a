"""Which notices a fact requires: each once, to whoever must know and nobody else, and nothing of anybody in them."""

from __future__ import annotations

import string
import tomllib
from dataclasses import fields
from datetime import UTC, datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from random_cases import Life
from tanggap.casework import events as e
from tanggap.casework import notices, wording
from tanggap.casework.events import COMPLAINANT, Entry
from tanggap.casework.notices import KINDS, OFFICERS, Notice, notice_for
from tanggap.casework.performers import complained_of_persons
from tanggap.casework.state import Case
from tanggap.casework.wording import LANGUAGES, PLACEHOLDERS, BadWords, checked, fill

CASES = 120  # the rarest notice, a reminder of a wait, is reached by one life in forty
EXTRA = {"digest", "confidential", "confidential_duty", "spoken"}
DEFAULTS = tomllib.loads((files("tanggap") / "seeds" / "notices.toml").read_text("utf-8"))


class Told(Life):
    """A random case that keeps what every act of it told."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.told: list[tuple[Entry, Notice]] = []

    def act(self, actor, command, **more):  # type: ignore[no-untyped-def]
        before = self.case.copy()
        written = super().act(actor, command, **more)
        told = list(notices.of(before, written or (), self.shelf.sops))
        self.told += told
        barred = complained_of_persons(self.case, self.shelf.sops[self.case.sop], self.shelf) if self.log else set()
        for entry, notice in told:
            if notice.audience == OFFICERS:
                readers = notices.readers(notice, self.case, self.shelf, but=entry.by)
                assert entry.by not in readers
                assert not (set(readers) & barred) or self._is_theirs(notice), notice
        return written

    def _is_theirs(self, notice: Notice) -> bool:
        """True for a row that belongs to the party complained of."""
        visit = self.case.visits.get(notice.about.partition(":")[2])
        parties = {role.id: str(role.party) for role in self.shelf.sops[self.case.sop].roles}
        return visit is not None and any(parties.get(group.role) == "respondent" for group in visit.groups)


@pytest.fixture(scope="module")
def lives() -> list[Told]:
    found = []
    for seed in range(CASES):
        life = Told(seed)
        life.live()
        found.append(life)
    return found


def test_what_is_required_does_not_depend_on_how_the_log_was_written_act_by_act(lives: list[Told]) -> None:
    """P4: `tanggap verify` asks the whole log at once and must hear the same."""
    for life in lives:
        again = [notice.key for _, notice in notices.of(Case(), life.log, life.shelf.sops)]
        assert again == [notice.key for _, notice in life.told]


def test_no_notice_of_a_case_is_required_twice(lives: list[Told]) -> None:
    for life in lives:
        keys = [notice.key for _, notice in life.told]
        assert len(keys) == len(set(keys))


def test_random_cases_reach_every_kind_of_notice(lives: list[Told]) -> None:
    reached = {notice.kind for life in lives for _, notice in life.told}
    assert reached >= set(KINDS) - {"soon", "letter", "arrived", "reminder"}  # these are told of in tests/actions


def test_a_notice_holds_ids_and_nothing_that_somebody_wrote(lives: list[Told]) -> None:
    """P4, S38: kind, cause, what duty, posts. The contents of a case have ids; not even these are in it."""
    assert {field.name for field in fields(Notice)} == {"kind", "cause", "about", "knowing", "to"}
    contents = {
        value
        for life in lives
        for entry in life.log
        for name in ("message", "reason", "answer", "note", "proof", "why")
        if isinstance(value := getattr(entry.event, name, ""), str) and value and name != "why"
    }
    assert contents
    for life in lives:
        for _, notice in life.told:
            assert not contents & {notice.kind, notice.cause, *notice.about.split(":"), *notice.knowing, *notice.to}


def test_who_left_neither_name_nor_address_is_told_nothing() -> None:
    """Anonymous: the answer is read with the code."""
    received = e.Received("p", "s", {}, ())
    entry = Entry(1, received, datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 16, tzinfo=UTC), COMPLAINANT)
    life = Told(3)
    life.live()
    known = list(notices.of(Case(), [entry], {"s": life.versions[0]}))
    assert known == []
    entry = Entry(1, e.Received("p", "s", {}, ("a",)), entry.happened_at, entry.recorded_at, COMPLAINANT)
    assert [n.kind for _, n in notices.of(Case(), [entry], {"s": life.versions[0]})] == ["received"]


def test_kinds_are_a_closed_list_and_every_one_has_its_words_in_both_languages() -> None:
    with pytest.raises(KeyError):
        notice_for("gossip", due_at=datetime(2026, 11, 16, tzinfo=UTC))
    assert set(DEFAULTS) == set(KINDS) | EXTRA
    for name, languages in DEFAULTS.items():
        assert set(languages) == set(LANGUAGES), name
        to_complainant = KINDS[name].audience == COMPLAINANT if name in KINDS else name in ("confidential", "spoken")
        for words in languages.values():
            assert set(words) == {"subject", "body"} | ({"short"} if to_complainant else set()), name
            assert checked(words["subject"], words["body"])


def test_a_notice_to_the_complainant_names_no_step_and_a_confidential_one_not_even_what_happened() -> None:
    """Whoever sees the screen of a phone learns a number."""
    to_complainant = [name for name, kind in KINDS.items() if kind.audience == COMPLAINANT]
    for name in (*to_complainant, "confidential"):
        for words in DEFAULTS[name].values():
            assert "{langkah}" not in words["subject"] + words["body"]
    for name in ("confidential", "confidential_duty"):
        for words in DEFAULTS[name].values():
            said = (words["subject"] + words["body"]).lower()
            told = ("lembaga", "langkah", "laporan", "report", "keluhan", "complain", "ditutup", "closed", "answer")
            assert not [word for word in told if word in said.replace("kabar", "")], said


@given(st.dictionaries(st.sampled_from(sorted(PLACEHOLDERS)), st.text(max_size=30)))
def test_placeholders_are_replaced_once_and_what_they_say_is_never_looked_into(values: dict[str, str]) -> None:
    """S54: a value that looks like a placeholder stays as it is."""
    values["nomor"] = "{lembaga} {{nomor}} {% debug %} %(x)s ${x}"
    values.setdefault("lembaga", "KAMPUS")
    assert fill("Nomor {nomor}.", values) == f"Nomor {values['nomor']}."


@pytest.mark.parametrize(
    "typed",
    [
        "{{settings.SECRET_KEY}}", "{case.__class__}", "{x.__globals__}", "${x}", "{}", "{ nomor }", "{nomor!r}",
        "{% debug %}", "{nama}", "{isi}", "{0}",
    ],
)  # fmt: skip
def test_a_placeholder_nobody_knows_is_refused_with_a_sentence(typed: str) -> None:
    """S54."""
    for subject, body, field in (("Perihal", f"Isi {typed}", "body"), (f"Perihal {typed}", "Isi", "subject")):
        with pytest.raises(BadWords, match="tidak dikenal") as refused:
            checked(subject, body)
        assert refused.value.field == field


@pytest.mark.parametrize("typed", ["%(x)s", "%s", "$x", "#{x", "a } b { c"])
def test_what_is_no_placeholder_is_literal_text(typed: str) -> None:
    """S54."""
    assert fill(checked("Perihal", f"Isi {typed}").body, {}) == f"Isi {typed}"


def test_a_line_that_has_nothing_to_say_is_left_out() -> None:
    text = "Laporan {nomor}.\n\nJatuh tempo {jatuh_tempo}.\n\n{tautan}"
    assert fill(text, {"nomor": "7", "tautan": "T"}) == "Laporan 7.\n\nT"


@given(st.text(alphabet=st.characters(codec=None), max_size=300))
def test_a_subject_is_always_one_printable_line(typed: str) -> None:
    """S33: CR, LF, NEL, LS, lone surrogates."""
    line = wording.one_line(typed)
    assert line.isprintable()
    assert len(line.splitlines()) <= 1


def test_moments_are_told_in_the_words_of_each_language() -> None:
    at, zone = datetime(2026, 11, 30, 2, 30, tzinfo=UTC), ZoneInfo("Asia/Jakarta")
    assert wording.moment(at, zone, "id") == "Senin, 30 November 2026 pukul 09.30 WIB"
    assert wording.moment(at, zone, "en") == "Monday, 30 November 2026 at 09.30 WIB"


def test_a_text_too_long_or_empty_is_refused() -> None:
    for subject, body in (("", "isi"), ("perihal", " \n"), ("p" * 151, "isi"), ("perihal", "i" * 4001)):
        with pytest.raises(BadWords):
            checked(subject, body)


def test_the_names_of_placeholders_hold_no_person() -> None:
    assert all(set(name) <= set(string.ascii_lowercase + "_") for name in PLACEHOLDERS)
    assert not {"nama", "alamat", "isi", "surel", "telepon", "pelapor"} & set(PLACEHOLDERS)
