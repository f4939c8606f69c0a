"""Why something could not be done, as a sentence for the one who tried: what happened, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

_WORDS: Mapping[str, Callable[[], str]] = {
    "unknown_sop": lambda: _("SOP yang dimaksud tidak ada pada lembaga ini."),
    "unknown_procedure": lambda: _("Prosedur yang dimaksud tidak ada pada SOP ini."),
    "no_rows": lambda: _("Prosedur ini belum mempunyai langkah."),
    "already_received": lambda: _("Laporan ini sudah diterima."),
    "not_received": lambda: _("Laporan ini belum diterima."),
    "key_reused": lambda: _("Formulir ini sudah pernah dikirim dengan isi lain. Muat ulang halaman, lalu kirim lagi."),
    "someone_else_acted": lambda: _("%(by)s sudah bertindak pada langkah ini%(at)s, sebelum pilihan Anda dikirim."),
    "case_closed": lambda: _("Laporan ini sudah berakhir, sehingga tindakan ini tidak dapat dijalankan."),
    "case_open": lambda: _("Laporan ini masih berjalan, sehingga tindakan ini tidak diperlukan."),
    "unknown_visit": lambda: _("Langkah yang dimaksud tidak ada pada laporan ini."),
    "visit_not_open": lambda: _("Langkah ini sudah tidak terbuka: %(by)s sudah menyelesaikannya%(at)s."),
    "visit_not_done": lambda: _("Langkah ini belum selesai."),
    "not_your_step": lambda: _("Langkah ini bukan tugas jabatan Anda."),
    "respondent_may_not_act": lambda: _("Pihak yang dikeluhkan tidak boleh menangani langkah ini."),
    "not_independent": lambda: _("Langkah ini harus dikerjakan orang lain: Anda sudah mengerjakan yang diperiksa."),
    "group_unknown": lambda: _("Pelaksana yang dimaksud tidak ada pada langkah ini."),
    "choice_needed": lambda: _("Pilih salah satu keputusan."),
    "choice_not_offered": lambda: _("Keputusan itu tidak tersedia pada langkah ini."),
    "reason_needed": lambda: _("Tuliskan alasannya."),
    "answer_needed": lambda: _("Tuliskan jawaban kepada pelapor."),
    "attribute_needed": lambda: _("Lengkapi %(name)s."),
    "attribute_unknown": lambda: _("Keterangan itu tidak dikenal pada SOP ini."),
    "value_unknown": lambda: _("Nilai itu tidak ada pada daftar pilihan."),
    "bind_needed": lambda: _("Tetapkan %(role)s."),
    "role_unknown": lambda: _("Pelaksana itu tidak ada pada SOP ini."),
    "post_unknown": lambda: _("Jabatan atau unit itu tidak dikenal."),
    "team_too_small": lambda: _("Tim ini sedikitnya %(least)s jabatan; yang dipilih %(named)s."),
    "team_not_odd": lambda: _("Jumlah anggota tim harus ganjil; yang dipilih %(named)s."),
    "respondent_in_team": lambda: _("Pihak yang dikeluhkan tidak boleh menjadi anggota tim."),
    "disposition_open": lambda: _("Masih ada disposisi yang belum dilaporkan. Tunggu laporannya atau tarik kembali."),
    "unanswered_needs_reason": lambda: _("Laporan berakhir tanpa jawaban kepada pelapor. Tuliskan alasannya."),
    "not_taken": lambda: _("Langkah ini tidak sedang Anda kerjakan."),
    "not_optional": lambda: _("Langkah ini tidak boleh dilewati."),
    "nothing_to_respond": lambda: _("Langkah ini tidak mempunyai batas respons pertama."),
    "already_responded": lambda: _("Respons pertama sudah dicatat."),
    "posts_needed": lambda: _("Pilih jabatan atau unit tujuannya."),
    "not_allowed": lambda: _("Anda tidak mempunyai wewenang untuk tindakan ini."),
    "wait_not_allowed": lambda: _("Langkah ini tidak boleh menunggu dengan alasan itu."),
    "already_waiting": lambda: _("Waktu langkah ini sudah berhenti."),
    "not_waiting": lambda: _("Waktu langkah ini sedang berjalan."),
    "until_needed": lambda: _("Tuliskan sampai kapan."),
    "moment_in_past": lambda: _("Waktu itu sudah lewat."),
    "moment_in_future": lambda: _("Waktu kejadian tidak boleh di masa depan."),
    "before_opening": lambda: _("Waktu itu lebih awal daripada dimulainya langkah."),
    "law_clock": lambda: _("Batas waktu menurut peraturan tidak dapat diperpanjang."),
    "extension_not_allowed": lambda: _("Langkah ini tidak boleh diperpanjang menurut SOP."),
    "extension_used_up": lambda: _("Kesempatan perpanjangan sudah habis."),
    "clock_unknown": lambda: _("Batas waktu yang dimaksud tidak ada."),
    "unreadable_time": lambda: _("Waktu itu tidak terbaca. Contoh: 2 hari kerja."),
    "row_unknown": lambda: _("Langkah tujuan tidak ada pada prosedur ini."),
    "row_is_join": lambda: _("Langkah tujuan menunggu beberapa jalur, sehingga tidak dapat dituju langsung."),
    "cannot_undo": lambda: _("Penyelesaian ini tidak dapat dibatalkan lagi: langkah berikutnya sudah berjalan."),
    "not_correctable": lambda: _("Catatan itu tidak dapat dibetulkan waktunya."),
    "receipt_after_act": lambda: _("Waktu terima tidak boleh sesudah tindakan pertama."),
    "rows_not_mapped": lambda: _("Belum semua langkah terbuka dipetakan ke versi SOP yang baru."),
    "reopen_not_offered": lambda: _("SOP ini tidak membuka kembali laporan yang sudah berakhir. Ajukan laporan baru."),
    "reopen_too_late": lambda: _("Batas waktu untuk membuka kembali laporan ini sudah lewat. Ajukan laporan baru."),
    "unknown_disposition": lambda: _("Disposisi yang dimaksud tidak ada."),
    "disposition_not_open": lambda: _("Disposisi ini sudah dilaporkan atau ditarik kembali."),
    "later_than_visit": lambda: _(
        "Batas disposisi melewati batas langkahnya sendiri. Pilih waktu yang lebih awal, atau centang bahwa itu boleh."
    ),
    "other_person": lambda: _(
        "Kedua laporan tidak terbukti dari pelapor yang sama, sehingga tidak digabung. Tautkan saja keduanya."
    ),
    "merge_respondent": lambda: _(
        "Laporan itu mengeluhkan pihak yang belum ditetapkan pada laporan tujuan, sehingga pihak itu dapat membacanya "
        "di sana. Tetapkan dahulu pihak yang dikeluhkan pada laporan tujuan, atau tautkan saja keduanya."
    ),
    "merge_confidential": lambda: _(
        "Laporan itu diproses secara rahasia, sedangkan laporan tujuan tidak, sehingga tidak digabung. Tautkan saja "
        "keduanya."
    ),
    "merge_circle": lambda: _("Laporan tidak dapat digabung ke dirinya sendiri."),
    "merged_here": lambda: _("Laporan itu sudah digabung ke laporan ini, sehingga laporan ini tetap berjalan."),
    "nothing_changed": lambda: _("Tidak ada yang berubah."),
    "not_answered": lambda: _("Laporan ini belum dijawab, sehingga belum dapat dinilai."),
    "nothing_proposed": lambda: _("Usul itu sudah tidak ada: pelapor memberi kabar, atau seseorang sudah memutuskan."),
    "letter_not_yours": lambda: _(
        "Pihak yang dikeluhkan tidak menulis langsung kepada pelapor. Tulislah sebagai catatan internal."
    ),
}

_NAMELESS = {"by": "Petugas lain", "at": "", "name": "", "role": "", "least": "", "named": ""}

CONFLICTS = frozenset({
    "someone_else_acted", "visit_not_open", "key_reused", "case_closed", "already_waiting", "not_waiting",
    "already_responded", "nothing_proposed", "disposition_not_open", "already_received", "cannot_undo",
    "not_taken", "merged_here",
})  # fmt: skip
"""Refusals that mean: the case has moved on since the page was drawn (409)."""

FORBIDDEN = frozenset({
    "not_your_step", "respondent_may_not_act", "not_independent", "not_allowed", "letter_not_yours",
})  # fmt: skip
"""Refusals that mean: somebody else must do this (403)."""

FIELDS: Mapping[str, str] = {
    "choice_needed": "choice",
    "choice_not_offered": "choice",
    "reason_needed": "reason",
    "unanswered_needs_reason": "reason",
    "answer_needed": "answer",
    "posts_needed": "to",
    "post_unknown": "to",
    "until_needed": "until",
    "moment_in_past": "until",
    "moment_in_future": "happened",
    "before_opening": "happened",
    "unreadable_time": "standard",
    "later_than_visit": "until",
    "row_unknown": "row",
    "row_is_join": "row",
}
"""The field of a form that a refusal is about."""


def sentence(code: str, details: Mapping[str, object] | None = None) -> str:
    """The sentence for a refusal; ``details`` are words already (names, dates), not ids."""
    words = _WORDS[code]()
    return words % {**_NAMELESS, **(details or {})}


def known_codes() -> frozenset[str]:
    """Codes that have a sentence."""
    return frozenset(_WORDS)


def status_of(code: str) -> int:
    """The HTTP status of a refusal: 409 moved on, 403 not yours, 422 the form needs something."""
    if code in CONFLICTS:
        return 409
    return 403 if code in FORBIDDEN else 422
