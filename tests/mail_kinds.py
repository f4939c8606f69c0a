"""Seventy kinds of mail of our own writing, and what must come of each. ``KINDS`` by name; other tests run them too.

A builder takes a number, so that every mail of a kind is another one, and the thread it may belong to.
"""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable
from dataclasses import dataclass
from struct import pack

from tanggap.channels.arrivals import Arrival, Kind
from tanggap.channels.email import UNCLEAR, reply_address

TO = "pengaduan@kampus.example"
OURS = "tanggap.kampus.example"
SETTINGS = {"address": TO, "domains": OURS}
KEY = b"k" * 32


@dataclass(frozen=True, slots=True)
class Thread:
    """A mail of ours that a builder may answer. ``message_id`` without brackets; ``reply_to``: its signed address."""

    message_id: str = f"{'0123456789abcdef' * 2}@{OURS}"
    reply_to: str = reply_address(TO, "kasus1", KEY)
    subject: str = "[0001/UC3/2026] Pengaduan Anda kami terima"


OUR_MAIL = Thread()
Field = str | bytes | None
Builder = Callable[[int, Thread], bytes]


@dataclass(frozen=True, slots=True)
class MailKind:
    """``becomes``: case, reply, automatic, bounce, status, echo or quarantine. ``says``: words that must be read."""

    build: Builder
    becomes: str
    says: str = ""
    files: int = 0


KINDS: dict[str, MailKind] = {}


def outcome(arrival: Arrival) -> str:
    """What an arrival becomes, in the words of :class:`MailKind`."""
    if arrival.kind is not Kind.MESSAGE:
        return arrival.kind.value
    if UNCLEAR in arrival.tags:
        return "quarantine"
    return "reply" if arrival.token or arrival.answers else "case"


def kind(becomes: str, says: str = "", files: int = 0) -> Callable[[Builder], Builder]:
    """Register a builder under its own name, which stands in its message ids as well."""

    def register(builder: Builder) -> Builder:
        name = builder.__name__

        def named(n: int, thread: Thread = OUR_MAIL) -> bytes:
            return builder(n, thread).replace(b"-KIND@", b"-%s@" % name.encode())

        KINDS[name] = MailKind(named, becomes, says, files)
        return builder

    return register


def head(n: int, **changed: Field) -> bytes:
    """The usual fields of mail ``n``; ``changed``: others (``message_id`` for Message-ID), ``None`` leaves one out."""
    fields: dict[str, str | bytes | None] = {
        "return_path": f"<pelapor{n}@warga.example>",
        "received": "from mx.warga.example by mx.kampus.example; Sat, 21 Nov 2026 10:00:05 +0700",
        "from": f"Pelapor {n} <pelapor{n}@warga.example>",
        "to": TO,
        "subject": f"Lampu kelas mati {n}",
        "date": "Sat, 21 Nov 2026 10:00:00 +0700",
        "message_id": f"<surel-{n}-KIND@warga.example>",
        "mime_version": "1.0",
    }
    fields |= changed
    lines = []
    for name, value in fields.items():
        if value is not None:
            title = name.replace("_", "-").title().encode()
            lines.append(title + b": " + (value if isinstance(value, bytes) else value.encode()) + b"\r\n")
    return b"".join(lines)


def plain(n: int, text: str | bytes, *, content: str = "text/plain; charset=utf-8", **changed: Field) -> bytes:
    """A mail of one part."""
    body = text if isinstance(text, bytes) else text.encode()
    return head(n, content_type=content, **changed) + b"\r\n" + body.replace(b"\n", b"\r\n") + b"\r\n"


def part(content: str, body: bytes, **more: str) -> bytes:
    """One part of a mail of several."""
    fields = "".join(f"{name.replace('_', '-').title()}: {value}\r\n" for name, value in more.items())
    return f"Content-Type: {content}\r\n{fields}\r\n".encode() + body


def several(n: int, *parts: bytes, kind: str = "mixed", **changed: Field) -> bytes:
    """A mail of several parts."""
    return (
        head(n, content_type=f'multipart/{kind}; boundary="=_b{n}"', **changed) + b"\r\n" + together(f"=_b{n}", *parts)
    )


def together(boundary: str, *parts: bytes) -> bytes:
    """Parts with their boundary."""
    mark = boundary.encode()
    return b"".join(b"--" + mark + b"\r\n" + one + b"\r\n" for one in parts) + b"--" + mark + b"--\r\n"


def told(n: int) -> str:
    """What a complainant writes."""
    return f"Selamat pagi,\n\nlampu ruang {n} sudah seminggu mati.\n\nTerima kasih"


JPEG = b"\xff\xd8\xff\xe0" + bytes(200)
PDF = b"%PDF-1.4\n" + bytes(200)


def attached(name: str = 'filename="foto.jpg"', data: bytes = JPEG) -> bytes:
    """An attached picture."""
    return part("image/jpeg", base64.encodebytes(data), content_transfer_encoding="base64",
                content_disposition=f"attachment; {name}")  # fmt: skip


TEXT = "text/plain; charset=utf-8"


# people ---------------------------------------------------------------------------------------------------------------


@kind("case", "lampu ruang 1 sudah")
def short_and_plain(n: int, thread: Thread) -> bytes:
    return plain(n, told(n))


@kind("case", "kelas \U0001f4a1 — “mati”")
def eight_bit_letters(n: int, thread: Thread) -> bytes:
    return plain(n, "Lampu kelas \U0001f4a1 — “mati”", content_transfer_encoding="8bit")


@kind("case", "café = lampu")
def quoted_printable(n: int, thread: Thread) -> bytes:
    return plain(n, quopri.encodestring("Di café = lampu mati".encode()), content_transfer_encoding="quoted-printable")


@kind("case", "lampu ruang 1 sudah")
def base64_text(n: int, thread: Thread) -> bytes:
    return plain(n, base64.encodebytes(told(n).encode()), content_transfer_encoding="base64")


@kind("case", "café “mati”")
def utf8_called_latin(n: int, thread: Thread) -> bytes:
    return plain(n, "Di café “mati”", content="text/plain; charset=iso-8859-1")


@kind("case", "café “mati”")
def windows_letters_called_ascii(n: int, thread: Thread) -> bytes:
    return plain(n, "Di café “mati”".encode("cp1252"), content="text/plain; charset=us-ascii")


@kind("case", "灯坏了")
def chinese(n: int, thread: Thread) -> bytes:
    return plain(n, "教室的灯坏了".encode("gb18030"), content="text/plain; charset=gb2312")


@kind("case", "電気")
def japanese(n: int, thread: Thread) -> bytes:
    return plain(n, "教室の電気が".encode("iso2022_jp"), content="text/plain; charset=ISO-2022-JP")


@kind("case", "lampu “mati”")
def utf_seven(n: int, thread: Thread) -> bytes:
    return plain(n, "lampu “mati”".encode("utf-7"), content="text/plain; charset=utf-7")


@kind("case", "café mati")
def unknown_eight_bit(n: int, thread: Thread) -> bytes:
    return plain(n, "Di café mati".encode("latin-1"), content="text/plain; charset=unknown-8bit")


@kind("case", "lampu ruang 1 sudah")
def a_charset_nobody_knows(n: int, thread: Thread) -> bytes:
    return plain(n, told(n), content='text/plain; charset="zlib_codec"')


@kind("case", "lampu ruang 1 sudah")
def raw_letters_in_the_head(n: int, thread: Thread) -> bytes:
    return plain(n, told(n), subject="Pengaduan: café".encode("latin-1"), **{"from": "Sukarnó <s@warga.example>"})


@kind("case", "lampu ruang 1 sudah")
def a_letter_cut_in_two_encoded_words(n: int, thread: Thread) -> bytes:
    return plain(n, told(n), subject="=?UTF-8?Q?Lampu_=C3?=\r\n =?UTF-8?B?qSBtYXRp?= =?utf-8?Q?_ruang_?= 3")


@kind("case", "lampu “ruang 1” mati")
def only_html(n: int, thread: Thread) -> bytes:
    said = f"<p>Yth. Bapak</p><div>lampu &ldquo;ruang <b>{n}</b>&#x201D; mati</div>"
    page = f"<html><head><style>p{{}}</style></head><body>{said}</body>"
    return plain(n, page, content="text/html; charset=utf-8")


@kind("case", "lampu ruang 1 sudah")
def both_ways(n: int, thread: Thread) -> bytes:
    return several(n, part(TEXT, told(n).encode()), part("text/html", b"<p>lain</p>"), kind="alternative")


@kind("case", "hanya di HTML")
def both_ways_and_the_plain_one_empty(n: int, thread: Thread) -> bytes:
    return several(n, part(TEXT, b" \r\n"), part("text/html", b"<p>hanya di HTML</p>"), kind="alternative")


@kind("case", "sesudah gambar", files=1)
def text_on_both_sides_of_a_picture(n: int, thread: Thread) -> bytes:
    return several(n, part(TEXT, b"sebelum"), attached(), part(TEXT, b"sesudah gambar"))


@kind("case", files=1)
def only_an_attachment(n: int, thread: Thread) -> bytes:
    return head(n, content_type="application/pdf; name=surat.pdf", content_transfer_encoding="base64") + b"\r\n" + \
        base64.encodebytes(PDF)  # fmt: skip


@kind("case", "terlampir", files=1)
def a_name_in_pieces(n: int, thread: Thread) -> bytes:
    name = "filename*0*=utf-8'id'caf%C3%A9%20; filename*1=\"foto lampu\"; filename*2*=%2Ejpg"
    return several(n, part(TEXT, b"terlampir"), attached(name))


@kind("case", "terlampir", files=1)
def a_name_as_encoded_word(n: int, thread: Thread) -> bytes:
    return several(n, part(TEXT, b"terlampir"), attached('filename="=?utf-8?Q?caf=C3=A9.jpg?="'))


@kind("case", "terlampir", files=1)
def a_name_that_is_a_path(n: int, thread: Thread) -> bytes:
    return several(n, part(TEXT, b"terlampir"), attached('filename="../../etc/passwd"'))


@kind("case", "begitulah", files=1)
def uuencoded(n: int, thread: Thread) -> bytes:
    lines = [bytes([32 + 45]) + _uu(bytes(45)) for _ in range(3)]
    return plain(n, b"begitulah\n\nbegin 644 foto.jpg\n" + b"\n".join(lines) + b"\n`\nend\n")


def _uu(data: bytes) -> bytes:
    return b"`" * (len(data) // 3 * 4)


@kind("case", "isi dari Outlook", files=1)
def winmail(n: int, thread: Thread) -> bytes:
    data = tnef(("foto lampu.jpg", JPEG), body="isi dari Outlook")
    return several(n, part(TEXT, b""), part("application/ms-tnef; name=winmail.dat", base64.encodebytes(data),
                                            content_transfer_encoding="base64"))  # fmt: skip


def tnef(*files: tuple[str, bytes], body: str = "", rich: bytes = b"") -> bytes:
    """A ``winmail.dat``; ``rich``: its text as RTF, not packed."""

    def one(level: int, kind: int, value: bytes) -> bytes:
        return pack("<BII", level, kind, len(value)) + value + pack("<H", sum(value) & 0xFFFF)

    whole = pack("<IH", 0x223E9F78, 1) + one(1, 0x00069007, pack("<II", 1252, 0))
    if body:
        whole += one(1, 0x0002800C, body.encode("cp1252") + b"\0")
    if rich:
        packed = pack("<II4sI", len(rich) + 12, len(rich), b"MELA", 0) + rich
        padded = packed + bytes(-len(packed) % 4)
        whole += one(1, 0x00069003, pack("<IHHII", 1, 0x102, 0x1009, 1, len(packed)) + padded)
    for name, data in files:
        long_name = name.encode("utf-16-le") + b"\0\0"
        padded = long_name + bytes(-len(long_name) % 4)
        properties = pack("<IHHII", 1, 0x1F, 0x3707, 1, len(long_name)) + padded
        whole += one(2, 0x00069002, bytes(14)) + one(2, 0x00018010, b"FOTO~1.JPG\0")
        whole += one(2, 0x0006800F, data) + one(2, 0x00069005, properties)
    return whole


@kind("case", "lampu ruang 1 sudah")
def signed_beside(n: int, thread: Thread) -> bytes:
    return several(n, part(TEXT, told(n).encode()), part("application/pkcs7-signature; name=smime.p7s", b"AAAA"),
                   kind='signed; protocol="application/pkcs7-signature"')  # fmt: skip


@kind("case", "lampu ruang 1 sudah")
def signed_in_a_wrapper(n: int, thread: Thread) -> bytes:
    inside = part(TEXT, told(n).encode())
    return plain(n, base64.encodebytes(wrapper(inside)), content="application/pkcs7-mime; smime-type=signed-data",
                 content_transfer_encoding="base64")  # fmt: skip


def wrapper(inside: bytes, *, kind: int = 2, indefinite: bool = False) -> bytes:
    """CMS around ``inside``: 2 signed, 3 enveloped."""

    def value(tag: int, body: bytes) -> bytes:
        if indefinite and tag & 0x20:
            return bytes([tag, 0x80]) + body + b"\0\0"
        size = len(body).to_bytes(4, "big")
        return bytes([tag, 0x84]) + size + body

    data = bytes.fromhex("2a864886f70d0107")
    octets = value(0x24, value(0x04, inside[:10]) + value(0x04, inside[10:])) if indefinite else value(0x04, inside)
    content = value(0x30, value(0x06, data + b"\x01") + value(0xA0, octets))
    signed = value(0x30, value(0x02, b"\x01") + value(0x31, b"") + content + value(0x31, b""))
    return value(0x30, value(0x06, data + bytes([kind])) + value(0xA0, signed))


@kind("case", files=1)
def encrypted(n: int, thread: Thread) -> bytes:
    return plain(n, base64.encodebytes(wrapper(bytes(50), kind=3)), content="application/pkcs7-mime; name=smime.p7m",
                 content_transfer_encoding="base64")  # fmt: skip


@kind("case", files=2)
def encrypted_by_pgp(n: int, thread: Thread) -> bytes:
    return several(n, part("application/pgp-encrypted", b"Version: 1"), part("application/octet-stream", b"-----"),
                   kind="encrypted")  # fmt: skip


@kind("case", "lampu ruang 1 sudah", files=1)
def handed_on_as_a_file(n: int, thread: Thread) -> bytes:
    return several(n, part(TEXT, b""), part("message/rfc822", plain(n, told(n))))


@kind("case", "lampu ruang 1 sudah")
def handed_on_in_the_text(n: int, thread: Thread) -> bytes:
    said = f"Mohon ditangani.\n\n---------- Forwarded message ---------\nDari: B <b@c.example>\nDate: Jum\n\n{told(n)}"
    return plain(n, said, subject="Fwd: lampu")


@kind("case", "Acara: Rapat lampu", files=1)
def an_invitation(n: int, thread: Thread) -> bytes:
    inside = "BEGIN:VEVENT\r\nDTSTART:20261121T030000Z\r\nSUMMARY:Rapat lampu\r\nEND:VEVENT"
    event = f"BEGIN:VCALENDAR\r\n{inside}\r\nEND:VCALENDAR"
    return several(n, part("text/calendar; method=REQUEST; charset=utf-8", event.encode()), kind="alternative")


@kind("case", "lampu di ruang ini sudah lama mati")
def flowed_lines(n: int, thread: Thread) -> bytes:
    return plain(n, "lampu di ruang \nini sudah lama \nmati", content="text/plain; charset=utf-8; format=flowed")


@kind("case", "lampu ruang 1 sudah")
def a_boundary_nobody_named(n: int, thread: Thread) -> bytes:
    return head(n, content_type="multipart/mixed") + b"\r\n" + together("abc", part(TEXT, told(n).encode()))


@kind("case", "lampu ruang 1 sudah")
def a_boundary_that_never_comes(n: int, thread: Thread) -> bytes:
    return head(n, content_type="multipart/mixed; boundary=xyz") + b"\r\n" + told(n).encode()


@kind("case", "lampu ruang 1 sudah", files=1)
def cut_short(n: int, thread: Thread) -> bytes:
    return several(n, part(TEXT, told(n).encode()), attached())[:-120]


@kind("case", "lampu ruang 1 sudah")
def without_an_id(n: int, thread: Thread) -> bytes:
    return plain(n, told(n), message_id=None)


@kind("case", "lampu ruang 1 sudah")
def an_empty_id(n: int, thread: Thread) -> bytes:
    return plain(n, told(n), subject="Lampu", message_id="<>")


@kind("case", "lampu ruang 1 sudah")
def an_id_as_exchange_writes_it(n: int, thread: Thread) -> bytes:
    return plain(n, told(n), message_id=f"<[{n:032x}@warga.example]>")


@kind("case", "lampu ruang 1 sudah")
def without_a_date(n: int, thread: Thread) -> bytes:
    return plain(n, told(n), date=None)


@kind("case", "lampu ruang 1 sudah")
def a_date_in_the_year_zero(n: int, thread: Thread) -> bytes:
    return plain(n, told(n), date="Sat, 00 Jan 0000 00:00:00 +9999")


@kind("case", "lampu ruang 1 s")
def broken_base64(n: int, thread: Thread) -> bytes:
    coded = base64.encodebytes(told(n).encode()).rstrip(b"=\n")[:-1]
    return plain(n, b"!" + coded[:20] + b"\n***\n" + coded[20:], content_transfer_encoding="base64")


@kind("case", files=1)
def sixty_deep(n: int, thread: Thread) -> bytes:
    return deep(n, 60)


def deep(n: int, levels: int) -> bytes:
    """A mail of ``levels`` multiparts, one in the other."""
    opened = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(levels))
    closed = b"".join(b"\r\n--b%d--" % i for i in reversed(range(levels)))
    return head(n) + opened + b"Content-Type: text/plain\r\n\r\ndi dasar" + closed


@kind("case", "bagian", files=1)
def a_thousand_parts(n: int, thread: Thread) -> bytes:
    return several(n, *[part(TEXT, b"bagian")] * 1000)


@kind("case", "lampu ruang 1 sudah")
def many_recipients(n: int, thread: Thread) -> bytes:
    return plain(n, told(n), to=TO + "".join(f",\r\n o{i}@warga.example" for i in range(2000)))


@kind("case", "lampu ruang 1 sudah")
def through_a_mailing_list(n: int, thread: Thread) -> bytes:
    return plain(n, told(n), list_id="<k.kampus.example>", list_post="<mailto:k@kampus.example>", precedence="list",
                 list_unsubscribe="<mailto:k@kampus.example>")  # fmt: skip


@kind("case", "lampu ruang 1 sudah")
def not_automatic_and_saying_so(n: int, thread: Thread) -> bytes:
    return plain(n, told(n), auto_submitted="no")


@kind("case", "lampu ruang 1 sudah")
def bare_line_ends(n: int, thread: Thread) -> bytes:
    return b"From warga Sat Nov 21 10:00:00 2026\n" + plain(n, told(n)).replace(b"\r\n", b"\n")


@kind("case", "lampu ruang 1 sudah")
def a_field_wrapped_without_a_blank(n: int, thread: Thread) -> bytes:
    return plain(n, told(n), subject="Lampu yang sudah lama\r\nmati di ruang")


@kind("case", "lampu ruang 1 sudah")
def a_group_of_recipients(n: int, thread: Thread) -> bytes:
    return plain(n, told(n), to=f"Para pejabat: {TO}, Rektor <r@kampus.example>;", cc="undisclosed-recipients:;,,")


@kind("case", "lampu ruang 1 sudah")
def a_sender_that_takes_no_answer(n: int, thread: Thread) -> bytes:
    return plain(n, told(n), **{"from": "Formulir <no-reply@warga.example>"})


# replies --------------------------------------------------------------------------------------------------------------


def answering(n: int, thread: Thread, text: str, **changed: Field) -> bytes:
    """A reply to ``thread``."""
    fields: dict[str, str | bytes | None] = {
        "to": thread.reply_to, "subject": f"Re: {thread.subject}", "in_reply_to": f"<{thread.message_id}>",
        "references": f"<{thread.message_id}>",
    }  # fmt: skip
    return plain(n, text, **(fields | changed))


@kind("reply", "Sudah menyala, terima kasih 1")
def reply_by_gmail(n: int, thread: Thread) -> bytes:
    return answering(n, thread, f"Sudah menyala, terima kasih {n}\n\nPada tanggal Sab, 21 Nov 2026 pukul 10 Layanan\n"
                     f"<{TO}> menulis:\n\n> Pengaduan Anda kami terima.\n> Salam\n")  # fmt: skip


@kind("reply", "Belum menyala 1")
def reply_by_outlook(n: int, thread: Thread) -> bytes:
    return answering(n, thread, f"Belum menyala {n}\n\n________________________________\nDari: Layanan <{TO}>\n"
                     "Dikirim: Sabtu, 21 November 2026 10.00\nKepada: Budi\nPerihal: Pengaduan\n\n"
                     "Pengaduan Anda kami terima.\n")  # fmt: skip


@kind("reply", "Ruang 3.1, lantai tiga")
def reply_between_the_lines(n: int, thread: Thread) -> bytes:
    return answering(n, thread, f"On Sat, Nov 21, 2026 at 10:00 AM Layanan <{TO}> wrote:\n> Di ruang mana?\n"
                     "Ruang 3.1, lantai tiga\n> Sejak kapan?\nSejak Senin\n> Salam\n")  # fmt: skip


@kind("reply", "Sudah 1")
def reply_by_telephone(n: int, thread: Thread) -> bytes:
    return answering(n, thread, f"Sudah {n}\n\nDikirim dari iPhone saya\n")


@kind("reply", "Saya tambahkan 1")
def reply_known_by_its_address_alone(n: int, thread: Thread) -> bytes:
    return answering(n, thread, f"Saya tambahkan {n}", in_reply_to=None, references=None, subject="hal lain")


@kind("reply", "Saya tambahkan 1")
def reply_known_by_its_references_alone(n: int, thread: Thread) -> bytes:
    return answering(n, thread, f"Saya tambahkan {n}", to=TO, in_reply_to=None)


# machines -------------------------------------------------------------------------------------------------------------


@kind("automatic", "di luar kantor")
def out_of_office(n: int, thread: Thread) -> bytes:
    return answering(
        n, thread, "Saya sedang di luar kantor.", auto_submitted="auto-replied", subject="Balasan otomatis: x"
    )


@kind("automatic", "kami terima")
def another_desk_answers_by_itself(n: int, thread: Thread) -> bytes:
    return answering(n, thread, "Surel Anda kami terima.", auto_submitted="auto-generated (ticket)", precedence="bulk")


@kind("automatic", "Cuti")
def away_in_an_old_way(n: int, thread: Thread) -> bytes:
    return answering(n, thread, "Cuti sampai Senin", x_autoreply="yes", precedence="auto_reply")


@kind("automatic", "Promo")
def a_newsletter(n: int, thread: Thread) -> bytes:
    return plain(
        n, "Promo!", list_unsubscribe="<https://warga.example/x>", list_id="<promo.warga.example>", precedence="bulk"
    )


@kind("automatic", "sesuatu")
def a_machine_that_takes_no_bounce(n: int, thread: Thread) -> bytes:
    return plain(n, "sesuatu", return_path="<>")


@kind("bounce", "tidak", files=2)
def undelivered(n: int, thread: Thread) -> bytes:
    return delivery(n, thread, "failed", "5.1.1", "smtp; 550 5.1.1 no such user")


@kind("status", "tidak", files=2)
def delayed(n: int, thread: Thread) -> bytes:
    return delivery(n, thread, "delayed", "4.4.1", "smtp; 421 try later")


def delivery(n: int, thread: Thread, action: str, code: str, reason: str) -> bytes:
    """A delivery report about a mail of ours."""
    recipient = f"Final-Recipient: rfc822; a@b.example\r\nAction: {action}\r\nStatus: {code}\r\n"
    status = f"Reporting-MTA: dns; mx.warga.example\r\n\r\n{recipient}Diagnostic-Code: {reason}\r\n"
    copy = f"Message-ID: <{thread.message_id}>\r\nSubject: {thread.subject}\r\n\r\nx"
    return several(n, part(TEXT, b"tidak sampai"), part("message/delivery-status", status.encode()),
                   part("message/rfc822", copy.encode()), kind="report; report-type=delivery-status", return_path="<>",
                   auto_submitted="auto-replied", subject="Undelivered Mail Returned to Sender",
                   **{"from": "MAILER-DAEMON@warga.example"})  # fmt: skip


@kind("bounce", "sorry")
def undelivered_in_words_alone(n: int, thread: Thread) -> bytes:
    return plain(n, f"I'm sorry, 550 no such user\n\n--- Below is a copy\nMessage-ID: <{thread.message_id}>\n",
                 return_path="<>", subject="failure notice", **{"from": "MAILER-DAEMON@warga.example"})  # fmt: skip


@kind("status", "dibaca", files=1)
def read_receipt(n: int, thread: Thread) -> bytes:
    said = f"Original-Message-ID: <{thread.message_id}>\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n"
    return several(n, part(TEXT, b"Pesan Anda dibaca"), part("message/disposition-notification", said.encode()),
                   kind="report; report-type=disposition-notification")  # fmt: skip


@kind("echo", "kami terima")
def our_own_mail_again(n: int, thread: Thread) -> bytes:
    return plain(
        n, "Pengaduan Anda kami terima.", message_id=f"<{n:032x}@{OURS}>", x_tanggap=OURS, auto_submitted="auto-replied"
    )


# what a person must look at -------------------------------------------------------------------------------------------


@kind("quarantine", "lampu ruang 1 sudah")
def nobody_sent_it(n: int, thread: Thread) -> bytes:
    return plain(n, told(n), return_path=None, **{"from": None})


@kind("quarantine", "lampu ruang 1 sudah")
def a_sender_that_can_be_read_in_two_ways(n: int, thread: Thread) -> bytes:
    return plain(n, told(n), **{"from": "alice@warga.example)bob@jahat.example"})


@kind("quarantine")
def bytes_of_something_else(n: int, thread: Thread) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + n.to_bytes(4, "big") + bytes(range(256)) * 4


@kind("quarantine")
def nothing_said(n: int, thread: Thread) -> bytes:
    return plain(n, " ", subject=None)
