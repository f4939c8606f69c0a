"""What a thief of the database finds: nothing. Keys, vault, codes, attachments."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

import worlds
from tanggap.actions import deadlines
from tanggap.actions.contents import TooLarge, Upload, new_content, readable
from tanggap.actions.identity import reveal
from tanggap.casework.commands import Note
from tanggap.casework.refusals import Refused
from tanggap.records import checks, files, keys, queries, vault
from tanggap.records.models import Attachment, CaseKey, IdentityReveal, Message


@pytest.mark.django_db(transaction=True)
def test_neither_identity_nor_text_nor_code_is_in_the_database_or_the_data_folder() -> None:
    """S0-2, invariant I11: canaries are sought in every byte that a thief of the data would hold."""
    world = worlds.build()
    upload = Upload("kanari-bukti.txt", b"kanari-isi lampiran")
    receipt = world.receive(files=(upload,), title="kanari-judul", place="kanari-tempat")
    world.complete(receipt.case, "2#1", "operator-mipa-care", choice="tidak", answer="kanari-jawaban")
    held = _every_byte()
    assert receipt.register.encode() in held, "the search itself works"
    for canary in (b"kanari", b"Kanari Wulandari", receipt.code.encode(), receipt.code.replace("-", "").encode()):
        assert canary.lower() not in held.lower()


def _every_byte() -> bytes:
    found = b""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(FULL)")
        name = str(connection.settings_dict["NAME"])
        found += b"".join(Path(name + end).read_bytes() for end in ("", "-wal") if Path(name + end).exists())
    else:
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names():
                cursor.execute(f"SELECT t::text FROM {table} t")
                found += "\n".join(str(row[0]) for row in cursor.fetchall()).encode()
                found += b"".join(_unhexed(table, cursor))
    return found + b"".join(path.read_bytes() + path.name.encode() for path in files.on_disk())


def _unhexed(table: str, cursor: Any) -> list[bytes]:
    """What stands in binary columns, which print as hexadecimal."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND data_type = 'bytea'", [table]
    )
    columns = [row[0] for row in cursor.fetchall()]
    found = []
    for column in columns:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")
        found += [bytes(row[0]) for row in cursor.fetchall()]
    return found


@pytest.mark.django_db
def test_without_the_key_directory_nothing_can_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    world = worlds.build()
    receipt = world.receive()
    assert queries.tracked_case(receipt.case, at=world.at).report is not None
    monkeypatch.setattr(settings, "TANGGAP_KEYS", tmp_path / "kunci lain")
    with pytest.raises(vault.Unreadable):
        queries.tracked_case(receipt.case, at=world.at)


@pytest.mark.django_db
def test_words_moved_to_another_case_cannot_be_read() -> None:
    world = worlds.build()
    one, other = world.receive().case, world.receive("teks lain").case
    stolen = Message.objects.get(case=one, kind="report").ciphertext
    Message.objects.filter(case=other, kind="report").update(ciphertext=stolen)
    CaseKey.objects.filter(case=other, purpose="content").update(
        wrapped=CaseKey.objects.get(case=one, purpose="content").wrapped
    )
    with pytest.raises(vault.Unreadable):
        queries.tracked_case(other, at=world.at)


@pytest.mark.django_db
def test_a_case_whose_key_was_destroyed_shows_that_it_is_erased_and_still_opens() -> None:
    world = worlds.build()
    receipt = world.receive()
    CaseKey.objects.filter(case=receipt.case).update(wrapped=None)
    report = queries.tracked_case(receipt.case, at=world.at).report
    assert report is not None
    assert report.erased
    assert report.text == ""


@pytest.mark.django_db
def test_an_identity_is_shown_only_with_a_reason_that_is_on_record_and_the_complainant_sees_it() -> None:
    world = worlds.build()
    case = world.receive().case
    desk = world.reader(world.desk)
    with pytest.raises(Refused, match="reason_needed"):
        reveal(case, by=desk, reason="", words="", at=world.at)
    assert not IdentityReveal.objects.exists()
    facts = reveal(case, by=desk, reason="hubungi", words="nomor tidak jelas", at=world.at)
    assert facts["name"] == worlds.SECRET_NAME
    seen = queries.tracked_case(case, at=world.at).reveals
    assert [(one.who, one.reason) for one in seen] == [("desk", "hubungi")]
    operator = world.reader(world.on["operator-mipa-care"])
    with pytest.raises(Refused, match="not_allowed"):
        reveal(case, by=operator, reason="hubungi", words="", at=world.at)


@pytest.mark.django_db
@pytest.mark.parametrize(("identity", "shown"), [("open", True), ("confidential", False), ("anonymous", False)])
def test_a_name_stands_on_the_page_only_when_the_complainant_chose_to_be_known(identity: str, shown: bool) -> None:
    world = worlds.build()
    page = queries.case_page(world.reader(world.desk), world.receive(identity=identity).case)
    assert page is not None
    assert (page.identity.get("name") == worlds.SECRET_NAME) is shown
    assert page.identity_kept is (identity != "anonymous")


NAMES = {
    "../../etc/passwd": "passwd",
    "..%2f..%2fetc": "..%2f..%2fetc".lstrip("."),
    "C:\\Windows\\surat.pdf": "surat.pdf",
    "\u2025\uff0fetc": "etc",
    "a\0b.pdf": "ab.pdf",
    "surat\u202egpj.exe": "suratgpj.exe",
    "CON": "berkas-CON",
    ".htaccess": "htaccess",
    "": "berkas-",
    "   ": "berkas-",
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_odd_names_of_files_are_kept_as_words_and_never_as_paths(name: str) -> None:
    world = worlds.build()
    receipt = world.receive(files=(Upload(name, b"isi"),))
    stored = Attachment.objects.get(case=receipt.case)
    assert files.path_of(stored.pk).parent.parent == files.folder()
    found = queries.tracked_file(receipt.case, stored.pk)
    assert found is not None
    assert (found.name, found.data) == (NAMES[name], b"isi")
    assert files.path_of(stored.pk).stat().st_mode & 0o077 == 0


def test_a_long_name_keeps_its_ending() -> None:
    shown = files.shown_name("a" * 300 + ".pdf")
    assert len(shown) <= 120
    assert shown.endswith(".pdf")


def test_the_type_of_a_file_is_told_by_its_bytes_and_lies_are_marked() -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
    assert files.type_of("foto.png", png) == ("image/png", False)
    assert files.type_of("surat.pdf", png) == ("image/png", True)
    assert files.type_of("foto.jpg", b"<html><script>alert(1)</script>") == ("application/octet-stream", True)
    assert files.type_of("catatan.txt", "halo é".encode()) == ("text/plain", False)
    assert files.type_of("tanpa-akhiran", b"\0\1\2") == ("application/octet-stream", False)


@pytest.mark.parametrize("name", ["../x", "a/b", "short", "", "..", "äöüäöüäöüäöüäöüäöü"])
def test_only_ids_of_ours_become_paths(name: str) -> None:
    with pytest.raises(ValueError):
        files.path_of(name)


@pytest.mark.django_db
def test_too_many_or_too_large_files_are_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    world = worlds.build()
    monkeypatch.setattr(settings, "TANGGAP_FILE_MEGABYTES", 0)
    with pytest.raises(TooLarge, match=r"bukti.pdf melebihi 0 MB"):
        world.receive(files=(Upload("bukti.pdf", b"x"),))
    monkeypatch.setattr(settings, "TANGGAP_FILES_MOST", 1)
    with pytest.raises(TooLarge, match="Paling banyak 1 berkas"):
        world.receive(files=(Upload("a", b""), Upload("b", b"")))


@pytest.mark.django_db
def test_files_that_no_row_knows_are_swept_after_a_day_and_others_stay() -> None:
    world = worlds.build()
    receipt = world.receive(files=(Upload("bukti.txt", b"isi"),))
    kept = Attachment.objects.get(case=receipt.case).pk
    orphan = "yatimpiatu0000000000"
    files.write(orphan, b"tak bertuan")
    young = "barusaja000000000000"
    files.write(young, b"sedang ditulis")
    old = (world.at - timedelta(days=2)).timestamp()
    for name in (kept, orphan):
        os.utime(files.path_of(name), (old, old))
    deadlines.tidy(at=world.at)
    assert files.path_of(kept).exists()
    assert files.path_of(young).exists()
    assert not files.path_of(orphan).exists()
    files.erase(young)


@pytest.mark.django_db
def test_only_files_of_this_case_are_handed_to_its_complainant_and_no_internal_ones() -> None:
    world = worlds.build()
    mine, other = world.receive(files=(Upload("a.txt", b"a"),)).case, world.receive(files=(Upload("b.txt", b"b"),)).case
    note = new_content("note", "untuk kami", author="u1", key="n1", files=(Upload("dalam.txt", b"rahasia"),))
    world.act(Note(note.id), mine, world.on["operator-mipa-care"], note)
    assert queries.tracked_file(mine, Attachment.objects.get(case=other).pk) is None
    assert queries.tracked_file(mine, note.files[0].id) is None
    found = queries.stored_file(world.reader(world.desk), note.files[0].id)
    assert found is not None
    assert found.data == b"rahasia"
    assert queries.stored_file(world.reader(world.stranger), note.files[0].id) is None


def test_the_key_directory_must_be_closed_to_others_and_is_made_so(tmp_path: Path) -> None:
    made = keys.secret(tmp_path / "kunci", "coba")
    assert (tmp_path / "kunci").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "kunci" / "coba.key").stat().st_mode & 0o777 == 0o600
    assert keys.secret(tmp_path / "kunci", "coba") == made
    (tmp_path / "kunci").chmod(0o755)
    with pytest.raises(keys.KeysUnusable, match="chmod 700"):
        keys.secret(tmp_path / "kunci", "coba")


def test_a_damaged_key_is_told_and_never_replaced(tmp_path: Path) -> None:
    keys.secret(tmp_path / "kunci", "coba")
    (tmp_path / "kunci" / "coba.key").write_bytes(b"pendek")
    with pytest.raises(keys.KeysUnusable, match="rusak"):
        keys.secret(tmp_path / "kunci", "coba")


def test_keys_inside_the_data_folder_or_readable_by_others_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "TANGGAP_DATA", tmp_path)
    monkeypatch.setattr(settings, "TANGGAP_KEYS", tmp_path / "kunci")
    assert "di dalam folder data" in checks.unsafe_keys()[0]
    monkeypatch.setattr(settings, "TANGGAP_DATA", tmp_path / "data")
    assert checks.unsafe_keys() == []
    keys.secret(tmp_path / "kunci", "coba")
    (tmp_path / "kunci" / "coba.key").chmod(0o644)
    assert "dapat dibaca orang lain" in checks.unsafe_keys()[0]


def test_the_same_words_never_look_the_same_and_a_changed_bit_is_noticed() -> None:
    key, place = vault.new_key(), vault.place_of("message", "words", uuid4())
    one, two = vault.encrypt(key, b"sama", place=place), vault.encrypt(key, b"sama", place=place)
    assert one != two
    assert vault.decrypt(key, one, place=place) == b"sama"
    for broken in (one[:-1] + bytes([one[-1] ^ 1]), one[:5], b"", two[:12] + one[12:]):
        with pytest.raises(vault.Unreadable):
            vault.decrypt(key, broken, place=place)


def test_nul_line_ends_and_lone_surrogates_are_put_right_and_nothing_else() -> None:
    assert readable("a\0b\r\nc\rd") == "ab\nc\nd"
    assert readable("x\ud800y") == "x?y"
    odd = "é\u202e👨‍👩‍👧 \u0007 ﷽"
    assert readable(odd) == odd
