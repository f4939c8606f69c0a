"""The loader tells every mistake in an SOP file: where it stands (file, procedure, row, key, line) and what it is."""

from __future__ import annotations

import pytest

from tanggap.sop.errors import SENTENCES, SopError, SopErrors
from tanggap.sop.fields import MAX_ERRORS
from tanggap.sop.load import load
from tanggap.sop.places import places
from tanggap.worktime.duration import Unit

GOOD = """\
format = 1

[sop]
id = "coba"
created_date = 2026-01-05

[[role]]
id = "petugas"

[[attribute]]
id = "tingkat"
values = ["tinggi", "rendah"]

[[wait]]
id = "rapat"
at_most = "3 hari"

[[procedure]]
id = "p"
limit = "10 hari"

[[procedure.step]]
no = "1."
what = "Menerima pengaduan"
who = "petugas"
time = "1 hari"

[[procedure.step]]
no = "2."
question = "Sesuai?"
choices = [
  { label = "Ya", next = "end" },
  { label = "Tidak", next = "1", reason = true },
]
"""


def errors_of(text: str | bytes) -> tuple[SopError, ...]:
    with pytest.raises(SopErrors) as caught:
        load(text, name="coba.toml")
    return caught.value.errors


def changed(line: int, instead: str) -> str:
    lines = GOOD.split("\n")
    lines[line - 1] = instead
    return "\n".join(lines)


MISTAKES = [
    # line changed, what it says now, then: code, row, key, line of the error
    (1, "", "wrong_format", "", "format", 0),
    (1, 'format = "1"', "wrong_format", "", "format", 1),
    (1, "format = 2", "wrong_format", "", "format", 1),
    (1, "format = true", "wrong_format", "", "format", 1),
    (1, "format = 1\njudul = 3", "unknown_key", "", "judul", 2),
    (1, "format = 1\nrole = 3", "not_toml", "", "", 8),
    (4, "", "missing", "", "id", 3),
    (4, 'id = "co ba"', "bad_id", "", "id", 4),
    (4, "id = 7", "wrong_type", "", "id", 4),
    (4, 'id = "coba"\nnomor = "7"', "unknown_key", "", "nomor", 5),
    (4, 'id = "coba"\nform = "bebas"', "not_one_of", "", "form", 5),
    (4, 'id = "coba"\nzone = "Asia/Malang"', "unknown_zone", "", "zone", 5),
    (4, 'id = "coba"\nzone = "../../etc"', "unknown_zone", "", "zone", 5),
    (4, 'id = "coba"\npages = 0', "out_of_range", "", "pages", 5),
    (4, 'id = "coba"\npages = 99999999999999999999', "out_of_range", "", "pages", 5),
    (4, 'id = "coba"\nlabels = { no = 3 }', "wrong_type", "", "no", 5),
    (4, 'id = "coba"\nlegal_basis = ["UU", 3]', "wrong_type", "", "legal_basis", 5),
    (4, 'id = "coba"\nlegal_basis = [' + "'x'," * 201 + "]", "too_many", "", "legal_basis", 5),
    (4, f'id = "coba"\ntitle = "{"a" * 4001}"', "too_long", "", "title", 5),
    (4, 'id = "coba"\ntitle = "a\\u202Eb"', "odd_character", "", "title", 5),
    (4, 'id = "coba"\ntitle = "a\\u0000b"', "odd_character", "", "title", 5),
    (5, 'created_date = "2026-01-05"', "wrong_type", "", "created_date", 5),
    (5, "created_date = 2026-01-05T07:00:00", "wrong_type", "", "created_date", 5),
    (5, "created_date = 2026-02-30", "not_toml", "", "", 5),
    (5, "[reading]\nhari = 'jam nyata'", "not_one_of", "", "hari", 6),
    (5, "[reading]\nabad = 'hari kerja'", "unknown_key", "", "abad", 6),
    (5, "[[sop.signature]]\njabatan = 'Dekan'", "unknown_key", "", "jabatan", 6),
    (8, "", "missing", "", "id", 7),
    (8, 'id = "petugas"\nparty = "pelapor"', "not_one_of", "", "party", 9),
    (8, 'id = "petugas"\nteam = { min = 0 }', "out_of_range", "", "min", 9),
    (8, 'id = "petugas"\nteam = { min_by = { tingkat = { tinggi = "5" } } }', "wrong_type", "", "tinggi", 9),
    (8, 'id = "petugas"\n[[role]]\nid = "petugas"', "repeated_id", "", "id", 10),
    (8, 'id = "petugas"\nper_case = "ya"', "wrong_type", "", "per_case", 9),
    (11, 'id = "channel"', "reserved_id", "", "id", 11),
    (12, "", "missing", "", "values", 10),
    (12, 'values = ["tinggi", "tinggi"]', "repeated_id", "", "values", 12),
    (15, 'id = "rapat"\nfor = "siapa"', "not_one_of", "", "for", 16),
    (15, 'id = "rapat"\nthen = "9"', "unknown_target", "", "then", 16),
    (16, 'at_most = "sebentar"', "unreadable_time", "", "at_most", 16),
    (19, "", "missing", "", "id", 18),
    (19, 'id = "p"\nfor = { kota = "Malang" }', "not_one_of", "", "for", 20),
    (19, 'id = "p"\nstart = [{ at = "9" }]', "unknown_target", "", "at", 20),
    (19, 'id = "p"\nwindow = { relation = "x", from = "y" }', "missing", "", "within", 20),
    (19, 'id = "p"\n[[procedure.clock]]\nid = "c"\ntime = "1 hari"\nuntil = "9"', "unknown_row", "", "until", 23),
    (19, 'id = "p"\n[[procedure.clock]]\nid = "c"\ntime = "1 hari"\nstops = "x"', "unknown_wait", "", "stops", 23),
    (20, "limit = 10", "wrong_type", "", "limit", 20),
    (20, 'limit = "99999999999 hari"', "unreadable_time", "", "limit", 20),
    (23, "no = 1", "wrong_type", "ke-1", "no", 23),
    (23, "", "empty_id", "ke-1", "id", 22),
    (23, 'no = "1)"', "bad_id", "1)", "no", 23),
    (23, 'no = "end"', "reserved_id", "end", "no", 23),
    (23, 'no = "1."\nid = "close"', "reserved_id", "close", "id", 24),
    (23, 'no = "2."', "repeated_id", "2", "id", 28),
    (24, 'watt = "Menerima"', "unknown_key", "1", "watt", 24),
    (24, 'what = ["a"]', "wrong_type", "1", "what", 24),
    (25, 'who = "petugs"', "unknown_role", "1", "who", 25),
    (25, 'who = ["petugas", "dekan"]', "unknown_role", "1", "who", 25),
    (25, 'who = "petugas"\nbinds = "dekan"', "unknown_role", "1", "binds", 26),
    (25, 'who = "petugas"\nsets = "urgensi"', "unknown_attribute", "1", "sets", 26),
    (25, 'who = "petugas"\njoint = "semua"', "not_one_of", "1", "joint", 26),
    (25, 'who = "petugas"\nrecord = "surat"', "not_one_of", "1", "record", 26),
    (25, 'who = "petugas"\nwaits = ["cuti"]', "unknown_wait", "1", "waits", 26),
    (25, 'who = "petugas"\nafter = "9"', "unknown_row", "1", "after", 26),
    (25, 'who = "petugas"\nindependent_of = "9"', "unknown_row", "1", "independent_of", 26),
    (25, 'who = "petugas"\nindependent_of = "linked:x"', "unknown_row", "1", "independent_of", 26),
    (25, 'who = "petugas"\nnext = "9"', "unknown_target", "1", "next", 26),
    (25, 'who = "petugas"\nnext = []', "missing", "1", "next", 26),
    (25, 'who = "petugas"\nextend = { at_most = 2 }', "missing", "1", "by", 26),
    (25, 'who = "petugas"\noptional = 1', "wrong_type", "1", "optional", 26),
    (25, 'who = "petugas"\ntimeout = "3 hari"', "wrong_type", "1", "timeout", 26),
    (25, 'who = "petugas"\ntimeout = { choice = "Ya" }', "unknown_choice", "1", "choice", 26),
    (25, 'who = "petugas"\ntimeout = { sesudah = "1 jam" }', "unknown_key", "1", "sesudah", 26),
    (25, 'who = "petugas"\ntime_by = { tingkat = { tinggi = "lekas" } }', "unreadable_time", "1", "tinggi", 26),
    (25, 'who = "petugas"\ndone_by = "surat"', "not_one_of", "1", "done_by", 26),
    (25, 'who = "petugas"\ndrawn = "bulat"', "not_one_of", "1", "drawn", 26),
    (26, 'time = "segera"', "unreadable_time", "1", "time", 26),
    (26, 'time = "3 hari nyata"', "unreadable_time", "1", "time", 26),
    (26, 'time = "2x3 hari"', "unreadable_time", "1", "time", 26),
    (26, 'time = "segera"\nmeans = "lekas"', "unreadable_time", "1", "means", 27),
    (26, f'time = "{"9" * 60} hari"', "unreadable_time", "1", "time", 26),
    (30, 'question = "Sesuai?"\nnext = "end"', "next_with_choices", "2", "next", 31),
    (32, '  { label = "Ya", next = "9" },', "unknown_target", "2", "next", 32),
    (32, '  { label = "Ya", nxt = "end" },', "unknown_key", "2", "nxt", 32),
    (32, '  { next = "end" },', "missing", "2", "label", 32),
    (32, '  { label = "tidak", next = "end" },', "same_exit", "2", "label", 33),
    (32, '  { label = "Ya", at_most = 2 },', "missing", "2", "then", 32),
    (32, '  { label = "Ya", then = "end" },', "missing", "2", "at_most", 32),
    (32, '  { label = "Ya", at_most = 0, then = "end" },', "out_of_range", "2", "at_most", 32),
    (32, '  { label = "Ya", set = { warna = "biru" } },', "unknown_attribute", "2", "set", 32),
    (32, '  { label = "Ya", set = { tingkat = "biru" } },', "unknown_value", "2", "set", 32),
    (32, '  { label = "Ya", procedure = "q" },', "unknown_procedure", "2", "procedure", 32),
    (32, '  "Ya",', "wrong_type", "2", "choices", 31),
    (32, '  { label = "Ya", next = "end" }', "not_toml", "", "", 33),
    (32, '  { label = "Ya", label = "Tidak" },', "not_toml", "", "", 32),
]  # fmt: skip


@pytest.mark.parametrize(("line", "instead", "code", "row", "key", "at"), MISTAKES)
def test_a_mistake_is_told_with_its_place(line: int, instead: str, code: str, row: str, key: str, at: int) -> None:
    found = [(error.code, error.row, error.key, error.line) for error in errors_of(changed(line, instead))]
    assert (code, row, key, at) in found


def test_the_file_without_mistakes_is_read() -> None:
    sop = load(GOOD, name="coba.toml")
    assert [step.id for step in sop.procedures[0].steps] == ["1", "2"]
    assert len(sop.hash) == 64


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = GOOD.replace('who = "petugas"', 'who = "x"').replace('"3 hari"', '"x"').replace('next = "1"', 'next = "x"')
    assert [(error.code, error.line) for error in errors_of(text)] == [
        ("unreadable_time", 16),
        ("unknown_role", 25),
        ("unknown_target", 33),
    ]


def test_the_nearest_known_name_is_suggested() -> None:
    (error,) = errors_of(changed(24, 'waht = "Menerima"'))
    assert error.message == "Isian `waht` tidak dikenal (maksud Anda `what`?)."
    (error,) = errors_of(changed(25, 'who = "Petugas"'))
    assert error.message == "Pelaksana `Petugas` tidak dikenal (maksud Anda `petugas`?)."


def test_an_error_reads_as_one_line_with_its_place() -> None:
    (error,) = errors_of(changed(26, 'time = "segera"'))
    assert str(error).startswith("coba.toml:26, prosedur p, baris 1, time: Waktu `segera` tidak terbaca")
    assert str(SopErrors([error])) == str(error)


def test_a_mistake_in_toml_is_told_with_line_and_column() -> None:
    (error,) = errors_of(changed(24, 'what = "Menerima'))
    assert (error.code, error.line) == ("not_toml", 24)
    assert "baris 24 kolom" in error.message


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe", "not_utf8"),
        (GOOD.encode("utf-16"), "not_utf8"),
        (b"format = 1\x00", "odd_character"),
        ("# \u202e terbalik\n" + GOOD, "odd_character"),
        ("\ud800", "odd_character"),
        ("a = " + "[" * 1000, "too_deep"),
        ("a = " + "[" * 25 + "]" * 25, "too_deep"),
        ("a" + ".a" * 100_000 + " = 1", "too_deep"),
        ('"a".' * 60_000 + "a = 1", "too_deep"),
        ("a = " + "9" * 5_000, "not_toml"),
        ("#" * (256 * 1024 + 1), "too_big"),
        ("", "missing"),
        ("format = 1\nsop = 1\nprocedure = 1", "wrong_type"),
        ("format = 1\n[sop]\nid = 'x'\n[[procedure]]\nid = 'p'\nstep = []", "missing"),
        ("format = 1\n[sop]\nid='x'\n[[procedure]]\nid='p'\n" + "[[procedure.step]]\nno='1'\n" * 201, "too_many"),
        ("format = 1\n[sop]\nid='x'\n" + "[[procedure]]\nid='p'\n" * 21, "too_many"),
        ("format = 1\n" + "\n".join(f"k{number} = 1" for number in range(5_000)), "too_many_errors"),
    ],
)  # fmt: skip
def test_hostile_files_are_refused_in_words(content: str | bytes, code: str) -> None:
    """Whatever the bytes, an answer within two seconds and no other exception."""
    errors = errors_of(content)
    assert code in {error.code for error in errors}
    assert len(errors) <= MAX_ERRORS + 1
    assert all("\u202e" not in error.message and len(error.message) < 1_000 for error in errors)


def test_every_kind_of_mistake_is_tried_here() -> None:
    told = {code for _, _, code, _, _, _ in MISTAKES}
    hostile = {"too_big", "too_deep", "too_many_errors", "not_utf8"}
    assert told | hostile == set(SENTENCES)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    plain = load(GOOD, name="a")
    assert load(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode(), name="b") == plain


def test_comments_and_the_order_of_keys_do_not_change_the_version() -> None:
    moved = GOOD.replace('who = "petugas"\ntime = "1 hari"', 'time = "1 hari" # sehari\nwho = ["petugas"]')
    assert load(moved, name="a").hash == load(GOOD, name="b").hash


def test_a_changed_word_changes_the_version() -> None:
    assert load(GOOD.replace("pengaduan", "aduan"), name="a").hash != load(GOOD, name="a").hash


def test_means_tells_how_to_read_a_cell_that_is_no_duration() -> None:
    sop = load(changed(26, 'time = "Sesegera mungkin"\nmeans = "2 jam"'), name="a")
    time = sop.procedures[0].step("1").time
    assert time is not None
    assert (time.amount, time.unit, str(time)) == (2, Unit.WORK_HOURS, "Sesegera mungkin")


def test_the_document_says_how_bare_words_are_read() -> None:
    sop = load(changed(6, '\n[reading]\nhari = "hari kalender"\n'), name="a")
    assert sop.procedures[0].step("1").time.unit is Unit.CALENDAR_DAYS  # type: ignore[union-attr]


def test_one_name_may_stand_without_brackets() -> None:
    assert load(changed(25, 'who = ["petugas"]'), name="a") == load(GOOD, name="a")


def test_a_timeout_may_name_its_choice_as_printed() -> None:
    sop = load(changed(30, 'question = "Sesuai?"\ntimeout = { choice = "Ya" }'), name="a")
    assert sop.procedures[0].step("2").timeout.choice == "ya"  # type: ignore[union-attr]


def test_places_knows_the_line_of_keys_in_every_kind_of_table() -> None:
    text = 'a.b = 1\n[t]\n"k\\u0041" = [\n  1, # satu\n  { x = """\n]\n""", y = 2 },\n]\n[[l]]\n[[l.m]]\n'
    text += "z = 1979-05-27 07:32:00\n"
    found = places(text)
    assert found["a", "b"] == 1
    assert (found["t", "kA"], found["t", "kA", 0], found["t", "kA", 1, "x"], found["t", "kA", 1, "y"]) == (3, 4, 5, 7)
    assert (found["l", 0], found["l", 0, "m", 0], found["l", 0, "m", 0, "z"]) == (9, 10, 11)
