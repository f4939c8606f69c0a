"""The checker, rule by rule: an SOP that has the fault gives the finding, the same SOP without it does not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings

from generators import sops
from tanggap.sop.check import check, codes
from tanggap.sop.check.finding import Finding
from tanggap.sop.load import load
from tanggap.sop.model import Sop

CLEAN = """\
format = 1

[sop]
id = "bersih"
form = "sop-ap"
institution = ["UNIVERSITAS CONTOH"]
number = "SOP/1"
title = "Penanganan pengaduan"
created_date = 2026-01-05
revised_date = 2026-02-02
effective_date = 2026-01-06
legal_basis = ["UU 25/2009"]
qualifications = ["Memahami pelayanan"]
related = ["SOP/2"]
equipment = ["Komputer, https://contoh.ac.id/aduan"]
warning = "Jika terlambat maka pelapor dirugikan"
filing = "Disimpan sebagai data elektronik dan manual"
channels = ["web", "surat"]

[[sop.signature]]
part = "Disahkan oleh"
post = "Rektor"
name = "Prof. Contoh"
nip = "1970"

[[role]]
id = "pelapor"
label = "Pelapor"
party = "complainant"

[[role]]
id = "petugas"
label = "Petugas"

[[role]]
id = "kabag"
label = "Kabag Umum"

[[role]]
id = "bidang"
label = "Bidang"
per_case = true

[[attribute]]
id = "tingkat"
values = ["tinggi", "rendah"]

[[procedure]]
id = "p"
reopen = "10 hari"

[[procedure.step]]
no = "1"
what = "Mencatat pengaduan dan memberi tanda terima"
who = "petugas"
needs = ["Formulir"]
time = "15 menit"
output = "Formulir tercatat"
record = "receipt"

[[procedure.step]]
no = "2"
what = "Memeriksa formulir"
who = "kabag"
needs = ["Formulir"]
time = "1 hari"
output = "Formulir"
record = "verification"
sets = "tingkat"
binds = "bidang"
question = "Perlu bidang?"
choices = [
  { label = "Ya", next = ["3", "4"] },
  { label = "Tidak", next = "6" },
  { label = "Tidak jelas", next = "1", at_most = 2, then = "6" },
]

[[procedure.step]]
no = "3"
what = "Menyusun pendapat"
who = "bidang"
needs = ["Formulir"]
time = "1 hari"
output = "Pendapat"

[[procedure.step]]
no = "4"
what = "Menyiapkan data"
who = "petugas"
needs = ["Formulir"]
time = "1 hari"
output = "Data"

[[procedure.step]]
no = "5"
what = "Merangkum pendapat dan data"
who = "kabag"
needs = ["Pendapat", "Data"]
time = "1 hari"
output = "Rangkuman"
after = ["3", "4"]

[[procedure.step]]
no = "6"
what = "Menyampaikan jawaban"
who = "petugas"
needs = ["Formulir", "Rangkuman"]
time = "2 jam"
output = "Jawaban"
record = "answer"

[[procedure.step]]
no = "7"
what = "Menerima jawaban"
who = "pelapor"
needs = ["Jawaban"]
time = "-"
time_by = { tingkat = { tinggi = "1 jam", rendah = "2 jam" } }
output = "Jawaban"
timeout = { after = "3 hari" }

[[procedure.step]]
no = "8"
what = "Mengarsipkan jawaban"
who = "petugas"
needs = ["Jawaban"]
time = "5 menit"
output = "Arsip"
record = "archive"
"""

LONG_NAME = "Peraturan Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi No. 62 Tahun 2018"
CELLS_4 = 'needs = ["Formulir"]\ntime = "1 hari"\noutput = "Data"'
BEFORE_ROLES = '[[role]]\nid = "pelapor"'
IN_4 = 'Menyiapkan data"'
STEP_9 = """
[[procedure.step]]
no = "9"
what = "Menutup buku"
who = "petugas"
needs = ["Arsip"]
time = "1 jam"
output = "Buku"
"""
TEXT_NUMBERS = {f'no = "{number}"\n': f'no = "{number}"\ntext_no = "6.{number}"\n' for number in range(1, 9)}

FAULTS: list[tuple[str, str, dict[str, str]]] = [
    # code, row, what is replaced in the clean file
    ("empty_field", "", {'title = "Penanganan pengaduan"\n': ""}),
    ("empty_field", "", {'related = ["SOP/2"]': 'related = ["-"]'}),
    ("unsigned", "", {'nip = "1970"': 'nip = "-"'}),
    ("unsigned", "", {"Disahkan oleh": "Disusun oleh"}),
    (
        "undated_signature",
        "",
        {'nip = "1970"': 'nip = "1970"\n[[sop.signature]]\npart = "Disusun oleh"\ndate = 2026-01-05'},
    ),
    ("uncontrolled_copy", "", {BEFORE_ROLES: '[[sop.copy]]\nunit = "A"\n' + BEFORE_ROLES}),
    ("empty_section", "", {BEFORE_ROLES: '[[sop.section]]\ntitle = "TUJUAN"\n' + BEFORE_ROLES}),
    ("date_order", "", {"effective_date = 2026-01-06": "effective_date = 2026-01-02"}),
    ("date_order", "", {"effective_date = 2026-01-06": "effective_date = 2026-01-06\nreview_date = 2026-01-05"}),
    ("date_order", "", {'nip = "1970"': 'nip = "1970"\ndate = 2026-01-07'}),
    ("revised_before_effective", "", {"effective_date = 2026-01-06": "effective_date = 2026-03-03"}),
    ("revised_when_effective", "", {"effective_date = 2026-01-06": "effective_date = 2026-02-02"}),
    ("day_off", "", {"created_date = 2026-01-05": "created_date = 2026-01-03"}),
    ("repealed", "", {"UU 25/2009": "Persyaratan ISO 9001 : 2008"}),
    ("repealed", "", {"UU 25/2009": "PermenPANRB Nomor 62 Tahun 2018"}),
    ("repealed", "", {"UU 25/2009": LONG_NAME}),
    ("word_twice", "", {"UNIVERSITAS CONTOH": "KEMENTERIAN PENDIDIKAN, RISET, DAN RISET"}),
    ("unit_differs", "", {'number = "SOP/1"': 'number = "PM-BAPKM.1"\nunit = "BAKP"'}),
    ("manual_only", "", {"elektronik dan manual": "manual"}),
    ("one_channel", "", {'["web", "surat"]': '["web"]'}),
    (
        "channels_differ",
        "",
        {
            '["web", "surat"]': '["web", "surat", "email"]',
            "Memeriksa formulir": "Memeriksa surat atau web",
            "Menyiapkan data": "Menyiapkan data dari web atau email",
        },
    ),
    ("several_addresses", "", {"Menyiapkan data": "Menyiapkan data dari https://lain.ac.id/"}),
    ("lane_never_used", "", {"[[attribute]]": '[[role]]\nid = "lain"\nlabel = "Pihak lainnya"\n[[attribute]]'}),
    (
        "column_order",
        "",
        {
            'id = "petugas"\nlabel = "Petugas"': 'id = "x"',
            '"kabag"\nlabel = "Kabag Umum"': '"petugas"',
            'id = "x"': 'id = "kabag"',
        },
    ),
    ("approver_performs", "2", {'post = "Rektor"': 'post = "Kepala Bagian Umum"'}),
    ("no_performer", "4", {'Menyiapkan data"\nwho = "petugas"': 'Menyiapkan data"'}),
    ("never_bound", "3", {'binds = "bidang"\n': ""}),
    ("actor_in_text", "4", {"Menyiapkan data": "Petugas menyiapkan data"}),
    ("actor_in_text", "2", {"Memeriksa formulir": "Kepala Bagian Umum memeriksa formulir"}),
    ("actor_differs", "4", {"Menyiapkan data": "Admin utama menyiapkan data"}),
    ("not_active", "4", {"Menyiapkan data": "Penyiapan data"}),
    ("not_active", "4", {"Menyiapkan data": "Media disiapkan"}),
    ("number_gap", "9", {'no = "8"': 'no = "9"'}),
    ("number_gap", "8", {'no = "7"\n': 'no = "7"\ntext_no = "6.11"\n', 'no = "8"\n': 'no = "8"\ntext_no = "6.13"\n'}),
    ("number_repeated", "akhir", {'no = "8"': 'no = "7"\nid = "akhir"'}),
    ("number_blank", "akhir", {'no = "8"': 'id = "akhir"'}),
    ("text_mismatch", "8", {**TEXT_NUMBERS, 'no = "8"\n': 'no = "8"\ntext_no = "6.9"\n'}),
    ("text_mismatch", "8", {**TEXT_NUMBERS, 'no = "8"\n': 'no = "8"\n'}),
    ("finish_numbered", "9", {"END": '\n[[procedure.step]]\nno = "9"\nwhat = "selesai"\nterminator = true\n'}),
    ("decision_without_exits", "4", {IN_4: IN_4 + '\nrecord = "verification"'}),
    ("decision_without_exits", "4", {IN_4: IN_4 + '\nquestion = "Lengkap?"'}),
    ("one_exit", "4", {IN_4: IN_4 + '\nquestion = "Lengkap?"\nchoices = [{ label = "Ya" }]'}),
    ("no_otherwise", "4", {IN_4: IN_4 + '\nchoices = [{ next = "5", when = { tingkat = "tinggi" } }]'}),
    ("implied_exit", "2", {'label = "Tidak", next = "6"': 'label = "Tidak", next = "6", implied = true'}),
    ("decision_as_process", "2", {'record = "verification"': 'record = "verification"\ndrawn = "process"'}),
    ("decision_as_process", "4", {"Menyiapkan data": "Memilih data yang bisa dipakai atau tidak"}),
    ("decision_as_process", "4", {"Menyiapkan data": "Memeriksa apakah data lengkap"}),
    ("unreachable", "9", {'output = "Arsip"': 'output = "Arsip"\nnext = "end"', "END": STEP_9}),
    ("no_way_out", "8", {'output = "Arsip"': 'output = "Arsip"\nnext = "8"'}),
    ("unbounded_loop", "2", {', at_most = 2, then = "6"': ""}),
    ("unbounded_loop", "8", {'output = "Arsip"': 'output = "Arsip"\ntimeout = { next = "6" }'}),
    ("join_mismatch", "5", {'after = ["3", "4"]': 'after = ["3"]', 'output = "Data"': 'output = "Data"\nnext = "5"'}),
    (
        "merge_without_after",
        "5",
        {'after = ["3", "4"]\n': "", 'output = "Pendapat"': 'output = "Pendapat"\nnext = "5"'},
    ),
    ("waits_forever", "7", {'timeout = { after = "3 hari" }\n': ""}),
    ("propose_without_end", "", {BEFORE_ROLES: '[[wait]]\nid = "w"\nthen = "propose"\n' + BEFORE_ROLES}),
    (
        "propose_without_end",
        "",
        {BEFORE_ROLES: '[[wait]]\nid = "w"\nfor = "outside"\nat_most = "3 hari"\nthen = "propose"\n' + BEFORE_ROLES},
    ),
    ("timeout_without_time", "7", {'timeout = { after = "3 hari" }': "timeout = {}"}),
    ("standing_row", "4", {IN_4: IN_4 + "\nstanding = true"}),
    ("not_a_rhythm", "4", {IN_4: IN_4 + '\nstanding = true\nevery = "2 jam"'}),
    ("not_a_rhythm", "", {'reopen = "10 hari"': 'reopen = "10 hari"\nevery = "Disesuaikan"'}),
    ("every_without_standing", "4", {IN_4: IN_4 + '\nevery = "1 bulan"'}),
    ("starting_without_every", "", {'reopen = "10 hari"': 'reopen = "10 hari"\nstarting = 2026-01-01'}),
    ("periodic_complainant", "7", {'reopen = "10 hari"': 'reopen = "10 hari"\nevery = "3 bulan"'}),
    ("no_times", "", {f'time = "{time}"\n': "" for time in ("15 menit", "1 hari", "2 jam", "-", "5 menit")}),
    ("no_time", "4", {CELLS_4: 'needs = ["Formulir"]\noutput = "Data"'}),
    ("time_not_numeric", "8", {'time = "5 menit"': 'time = "Disesuaikan"'}),
    ("outsider_time", "7", {'time = "-"': 'time = "1 jam"'}),
    ("no_output", "4", {'output = "Data"\n': ""}),
    ("no_needs", "8", {'needs = ["Jawaban"]\ntime = "5 menit"': 'time = "5 menit"'}),
    ("unneeded_output", "4", {'output = "Data"': 'output = "Statistik"'}),
    ("need_from_nowhere", "4", {CELLS_4: CELLS_4.replace("Formulir", "Kamus")}),
    ("unknown_moment", "4", {IN_4: IN_4 + '\ncounted_from = "diputus"'}),
    ("unknown_moment", "4", {IN_4: IN_4 + '\ncounted_from = "done:99"'}),
    (
        "unknown_moment",
        "",
        {'reopen = "10 hari"': 'reopen = "10 hari"\n[[procedure.clock]]\nid = "c"\ntime = "1 hari"\nfrom = "x"'},
    ),
    ("unknown_attribute", "4", {IN_4: IN_4 + '\nwhen = { warna = "biru" }'}),
    ("unknown_attribute", "4", {IN_4: IN_4 + '\nwhen = { tingkat = "biru" }'}),
    ("unknown_attribute", "7", {"{ tinggi = ": "{ sedang = "}),
    ("unknown_attribute", "", {'reopen = "10 hari"': 'reopen = "10 hari"\nfor = { kind = "gosip" }'}),
    (
        "unknown_attribute_of_team",
        "",
        {'id = "bidang"\n': 'id = "bidang"\nteam = { min_by = { warna = { biru = 5 } } }\n'},
    ),
    ("no_receipt", "", {" dan memberi tanda terima": ""}),
    ("no_answer", "", {'record = "answer"\n': ""}),
    ("optional_answer", "6", {'record = "answer"': 'record = "answer"\noptional = true'}),
    ("no_archive", "", {'record = "archive"\n': ""}),
    ("archive_bypassed", "", {'label = "Tidak", next = "6"': 'label = "Tidak", next = "end", answers = true'}),
    ("recorded_late", "8", {"Mengarsipkan jawaban": "Mencatat pengaduan"}),
    ("no_objection", "7", {'reopen = "10 hari"\n': ""}),
    ("borrowed_word", "4", {'output = "Data"': 'output = "Data admin SKPD"'}),
]


def with_fault(changes: dict[str, str]) -> Sop:
    text = CLEAN
    for old, new in changes.items():
        if old == "END":
            text += new
        else:
            assert old in text, old
            text = text.replace(old, new)
    return load(text, name="uji.toml")


def test_a_good_sop_gives_no_finding() -> None:
    assert check(load(CLEAN, name="bersih.toml")) == ()


@pytest.mark.parametrize(("code", "row", "changes"), FAULTS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_fault_gives_its_finding(code: str, row: str, changes: dict[str, str]) -> None:
    found = check(with_fault(changes))
    assert (code, row) in {(finding.code, finding.row) for finding in found}


def test_every_rule_has_a_fault_that_shows_it() -> None:
    assert {code for code, _, _ in FAULTS} == set(codes())


def test_a_date_on_a_holiday_is_found_when_the_holidays_are_known() -> None:
    sop = load(CLEAN, name="bersih.toml")
    (finding,) = check(sop, holidays={date(2026, 1, 5): "Libur kampus"})
    assert (finding.code, finding.key) == ("day_off", "created_date")
    assert "Libur kampus" in finding.message


def test_sending_and_receiving_as_separate_rows_is_no_fault() -> None:
    sop = with_fault({"Menyusun pendapat": "Mengirim data", "Menyiapkan data": "Menerima data"})
    assert check(sop) == ()


def test_findings_of_a_procedure_come_in_the_order_of_its_rows() -> None:
    sop = with_fault(
        {'output = "Data"\n': "", "Memeriksa formulir": "Pemeriksaan formulir", 'record = "archive"\n': ""}
    )
    assert [finding.row for finding in check(sop) if finding.procedure] == ["", "2", "4", "5"]


BLOCK_RULES = {
    "unreachable", "no_way_out", "join_mismatch", "merge_without_after", "unbounded_loop", "waits_forever",
    "timeout_without_time", "no_otherwise", "one_exit", "never_bound", "no_performer", "unknown_moment",
    "unknown_attribute",
}  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(sops())
def test_a_block_structured_sop_gives_no_finding_about_its_flow(sop: Sop) -> None:
    assert [finding for finding in check(sop) if finding.code in BLOCK_RULES] == []


@settings(max_examples=60, deadline=None)
@given(sops(wild=True))
def test_the_checker_always_answers_and_names_rows_that_exist(sop: Sop) -> None:
    rows = {step.id for step in sop.procedures[0].steps}
    for finding in check(sop):
        assert isinstance(finding, Finding)
        assert finding.row in rows | {""}
