"""What is wrong with an SOP file: one error per mistake, all of them at once, each with its row, key and line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "too_big": "Berkas terlalu besar: {size} bita; batasnya {most} bita.",
        "too_deep": "Isian bersarang terlalu dalam; batasnya {most} tingkat.",
        "too_many": "Terlalu banyak isian: {count}; batasnya {most}.",
        "too_many_errors": "Terlalu banyak kesalahan; hanya {most} yang pertama ditampilkan.",
        "too_long": "Teks terlalu panjang: {count} huruf; batasnya {most}.",
        "not_utf8": "Berkas bukan teks UTF-8 (bita ke-{position}). Simpan ulang sebagai UTF-8.",
        "odd_character": "Ada huruf yang tidak terlihat atau mengacaukan arah baca: {shown}. Hapus huruf itu.",
        "not_toml": "Penulisan TOML tidak terbaca: {reason}.",
        "wrong_format": "Berkas harus memuat baris `format = 1` di awal.",
        "missing": "Isian `{key}` wajib ada{why}.",
        "unknown_key": "Isian `{name}` tidak dikenal{hint}.",
        "wrong_type": "Isian `{key}` harus berupa {wanted}, bukan {found}.",
        "bad_id": "Nama `{name}` tidak dapat dipakai: gunakan huruf, angka, titik, garis bawah atau tanda hubung.",
        "empty_id": "Baris tanpa nomor memerlukan `id` agar dapat ditunjuk.",
        "reserved_id": "Nama `{name}` sudah dipakai oleh sistem; pilih nama lain.",
        "repeated_id": "Nama `{name}` dipakai lebih dari sekali{why}.",
        "unknown_target": "Tujuan `{name}` tidak ada di prosedur ini{hint}.",
        "unknown_row": "Baris `{name}` tidak ada di prosedur ini{hint}.",
        "unknown_role": "Pelaksana `{name}` tidak dikenal{hint}.",
        "unknown_attribute": "Atribut `{name}` tidak dikenal{hint}.",
        "unknown_value": "`{name}` bukan nilai atribut `{attribute}`{hint}.",
        "unknown_wait": "Alasan menunggu `{name}` tidak dikenal{hint}.",
        "unknown_choice": "Pilihan `{name}` tidak ada pada baris ini{hint}.",
        "unknown_procedure": "Prosedur `{name}` tidak ada{hint}.",
        "unknown_zone": "Zona waktu `{name}` tidak dikenal; contoh: Asia/Jakarta, Asia/Makassar, Asia/Jayapura.",
        "not_one_of": "`{name}` tidak dapat dipakai untuk `{key}`; pilihannya: {choices}.",
        "unreadable_time": (
            "Waktu `{name}` tidak terbaca ({reason}); tulis misalnya “15 menit”, “3 hari”, “1x24 jam” atau “-”, "
            "atau jelaskan dengan `means`."
        ),
        "out_of_range": "Nilai `{name}` di luar batas: {least} sampai {most}.",
        "next_with_choices": "`next` tidak boleh bersama `choices`; tulis tujuan di dalam tiap pilihan.",
        "same_exit": "Ada dua pilihan bernama `{name}` pada baris ini.",
    }
)  # fmt: skip
"""Error code to the Indonesian sentence that tells it; the words in braces are filled in by the loader."""


@dataclass(frozen=True, slots=True)
class SopError:
    """One mistake. ``line`` counts from 1 (0: the file as a whole); ``procedure``, ``row``, ``key`` may be empty."""

    file: str
    procedure: str
    row: str
    key: str
    line: int
    code: str
    message: str

    def __str__(self) -> str:
        where = [f"{self.file}:{self.line}" if self.line else self.file]
        where += [f"prosedur {self.procedure}"] if self.procedure else []
        where += [f"baris {self.row}"] if self.row else []
        where += [self.key] if self.key else []
        return f"{', '.join(where)}: {self.message}"


class SopErrors(ValueError):
    """The file cannot be read as an SOP. ``errors`` holds every mistake found, in the order of the file."""

    def __init__(self, errors: Sequence[SopError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in self.errors))
