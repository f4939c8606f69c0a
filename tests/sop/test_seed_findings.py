"""X-5: each seed gives exactly these findings, and each finding stands for a sentence a careful reader wrote down.

A finding marked "rule" is no complaint of that reader: it follows from the general rules for the form of an SOP.
"""

from __future__ import annotations

import pytest

from tanggap.sop.check import check
from tanggap.sop.check.columns import role_findings
from tanggap.sop.seeds import names, seed

Expected = dict[tuple[str, str, str], list[str]]

EXPECTED: dict[str, Expected] = {
    "ub-fmipa-mipa-care": {
        ("", "", "empty_field"): [
            "revised_date",  # TGL REVISI empty
            "related",  # KETERKAITAN empty
            "warning",  # PERINGATAN empty
        ],
        ("", "", "several_addresses"): ["equipment"],  # two addresses (mipa.ub.ac.id/care and ub-care.ub.ac.id)
        ("keluhan", "", "no_receipt"): ["record"],  # no ticket/receipt to the user
        ("keluhan", "", "no_archive"): ["record"],  # no recap or archive step although "elektronik dan manual"
        ("keluhan", "1", "no_time"): ["time"],  # step 1 no time
        ("keluhan", "1", "no_output"): ["output"],  # step 1 no output
        ("keluhan", "5", "unbounded_loop"): ["at_most"],  # loop 4<->5 has no limit
        ("keluhan", "7", "outsider_time"): ["time"],  # step 7 gives an outsider 1 Jam
    },
    "unej-uc3": {
        ("", "", "empty_field"): ["related"],  # KETERKAITAN empty
        ("", "", "revised_when_effective"): ["revised_date"],  # revisi = efektif date
        ("", "", "word_twice"): ["institution"],  # ministry name misprinted ("RISET, DAN RISET")
        ("", "", "one_channel"): ["channels"],  # no second channel although a Customer Care Center
        ("uc3", "", "no_receipt"): ["record"],  # no receipt
        ("uc3", "terima", "unneeded_output"): ["output"],  # rule: "Informasi" is asked for by no following row
        ("uc3", "wakor", "need_from_nowhere"): ["needs"],  # rule: nobody makes the "Dokumen pertanyaan"
        ("uc3", "koord", "number_blank"): ["no"],  # numbering 1, 2, blank, blank, blank, 3
        ("uc3", "kabiro", "number_blank"): ["no"],
        ("uc3", "jawab", "number_blank"): ["no"],
        ("uc3", "kabiro", "approver_performs"): ["who"],  # Ka Biro III approves the SOP and performs in it
        ("uc3", "kabiro", "decision_without_exits"): ["choices"],  # no branch when Ka Biro has no answer
        ("uc3", "kabiro", "actor_in_text"): ["what"],  # rule: "Ka Biro III memberikan jawaban"
        ("uc3", "catat", "recorded_late"): ["what"],  # recording only at the end
    },
    "its-bapkm-keluhan": {
        ("", "", "empty_field"): ["effective_date"],  # Tgl. Berlaku empty on all pages
        ("", "", "undated_signature"): ["signature.date", "signature.date"],  # two of three signature dates empty
        ("", "", "uncontrolled_copy"): ["copy", "copy"],  # controlled-copy boxes unticked and undated
        ("", "", "empty_section"): ["section"],  # CATATAN DAN KOMENTAR empty
        ("", "", "unit_differs"): ["unit"],  # unit code BAKP vs BAPKM
        ("", "", "channels_differ"): ["channels"],  # five different channel lists
        ("keluhan", "", "no_receipt"): ["record"],  # rule: nothing shows the customer that he complained
        ("keluhan", "", "no_times"): ["time"],  # no time appears anywhere
        ("keluhan", "b", "implied_exit"): ["choices"],  # the "not a nonconformity" branch is implied
        ("keluhan", "e2", "optional_answer"): ["optional"],  # "jika diperlukan" makes the reply optional
        ("keluhan", "f", "implied_exit"): ["choices"],  # the "not effective" loop is implied
        ("keluhan", "f", "unbounded_loop"): ["at_most"],  # rule: and it has no limit
    },
    "unmul-ft-komunikasi-pelanggan": {
        ("", "", "empty_field"): [
            "revised_date",  # Tanggal Revisi empty
            "effective_date",  # Tanggal Efektif empty
            "related",  # Keterkaitan empty
        ],
        ("", "", "unsigned"): ["signature.post"],  # approver's office empty
        ("", "", "repealed"): ["references"],  # ISO 9001:2008 withdrawn
        ("", "", "manual_only"): ["filing"],  # record "manual" only
        ("", "", "column_order"): ["role"],  # columns are hierarchical (Dekan first)
        ("komunikasi", "", "no_receipt"): ["record"],  # rule
        ("komunikasi", "", "archive_bypassed"): ["record"],  # only Dekan-answered cases are documented (row 19)
        ("komunikasi", "1", "standing_row"): ["standing"],  # row 1 is a standing condition, not a case step
        ("komunikasi", "1", "time_not_numeric"): ["time"],  # no intake time limit ("Disesuaikan")
        ("komunikasi", "2", "unneeded_output"): ["output"],  # rule
        ("komunikasi", "4", "need_from_nowhere"): ["needs"],  # rule: the "Daftar aspirasi" is made by no row
        ("komunikasi", "7", "implied_exit"): ["choices"],  # row 7 validates with no "tidak sesuai" branch
        ("komunikasi", "7", "unbounded_loop"): ["at_most"],  # rule
        ("komunikasi", "12", "number_gap"): ["text_no"],  # 6.12 is missing (6.11 cut)
        ("komunikasi", "12", "text_mismatch"): ["text_no"],  # 20 vs 19 steps: the text runs one ahead from row 12 on
        ("komunikasi", "12", "unneeded_output"): ["output"],  # rule
        ("komunikasi", "12", "need_from_nowhere"): ["needs"],  # rule
        ("komunikasi", "15", "need_from_nowhere"): ["needs"],  # row 15 input "Laporan WD", row 14 has the Formulir
        ("komunikasi", "15", "decision_without_exits"): ["choices"],  # rule: no branch when Dekan has no answer
        **{
            ("komunikasi", str(row), "actor_in_text"): ["what"] for row in range(6, 20)
        },  # activity text repeats the actor
    },
    "unesa-feb-pengaduan": {
        ("", "", "empty_field"): [
            "legal_basis",  # lacks the identity block: dasar hukum
            "qualifications",  # kualifikasi
            "related",  # keterkaitan
            "equipment",  # peralatan
            "warning",  # peringatan
            "filing",  # pencatatan
        ],
        ("", "", "unsigned"): ["signature.nip"],  # rule: the approver's NIP
        ("", "", "revised_before_effective"): ["revised_date"],  # revised before it was ever effective
        ("", "", "day_off"): ["created_date"],  # created on a Saturday
        ("", "", "channels_differ"): ["channels"],  # channel lists differ
        ("", "", "lane_never_used"): ["role"],  # no unit lane works ("Pihak lainnya")
        ("tidak-langsung", "", "no_receipt"): ["record"],  # rule
        ("tidak-langsung", "", "no_archive"): ["record"],  # rule
        ("tidak-langsung", "1", "actor_differs"): ["what"],  # four role vocabularies: Admin utama / Admin layanan
        ("tidak-langsung", "2", "actor_differs"): ["what"],  # Petugas / Koordinator layanan
        ("tidak-langsung", "7", "actor_differs"): ["what"],  # Admin utama / Admin layanan
        ("tidak-langsung", "2", "decision_as_process"): ["drawn"],  # row 2 has a process box, no diamond
        ("tidak-langsung", "2", "implied_exit"): ["choices"],  # row 2 has no branches
        **{("tidak-langsung", str(row), "no_needs"): ["needs"] for row in range(2, 8)},  # Kelengkapan empty, rows 2-8
        ("tidak-langsung", "4", "actor_in_text"): ["what"],  # rule
        ("tidak-langsung", "6", "actor_in_text"): ["what"],  # rule
        ("tidak-langsung", "5", "borrowed_word"): ["output"],  # "admin SKPD" copied from a regional government
        ("tidak-langsung", "8", "text_mismatch"): ["text_no"],  # 7 steps in text vs 8 rows
        ("tidak-langsung", "8", "finish_numbered"): ["no"],  # "selesai" is a terminator with its own number
        ("langsung", "", "no_receipt"): ["record"],  # rule
        ("langsung", "", "no_archive"): ["record"],  # rule
        ("langsung", "", "no_times"): ["time"],  # no diagram or times for direct complaints
        ("langsung", "5", "decision_without_exits"): ["choices"],  # rule: no branch when the leader gives no arahan
    },
}


@pytest.mark.parametrize("name", names())
def test_each_seed_gives_exactly_the_findings_of_its_reader(name: str) -> None:
    """X-5"""
    found: Expected = {}
    for finding in check(seed(name)):
        found.setdefault((finding.procedure, finding.row, finding.code), []).append(finding.key)
    assert found == EXPECTED[name]


@pytest.mark.parametrize("name", names())
def test_every_finding_is_one_sentence_and_a_warning(name: str) -> None:
    for finding in check(seed(name)):
        assert finding.message.endswith("."), finding
        assert "\n" not in finding.message, finding
        assert finding.severity == "warning", finding


def test_a_column_of_staff_without_a_post_is_found_against_the_organisation() -> None:
    sop = seed("unej-uc3")
    assert role_findings(sop, {"staf", "wakor", "koord", "kabiro"}) == ()
    (finding,) = role_findings(sop, {"staf", "wakor", "kabiro"})
    assert (finding.code, finding.procedure, finding.row, finding.key) == ("role_without_post", "uc3", "koord", "who")


def test_complainants_respondents_and_teams_need_no_post() -> None:
    assert role_findings(seed("ub-fmipa-mipa-care"), {"operator", "pimpinan"}) == ()
