"""``tanggap demo``: fill an empty database with five institutions, demo accounts and believable cases."""

from __future__ import annotations

import argparse
import secrets
from typing import TYPE_CHECKING

from tanggap.cli.terminal import table

if TYPE_CHECKING:
    from tanggap.actions import demo

NAME = "demo"
HELP = "Isi basis data kosong dengan lima lembaga, akun peragaan, dan kasus dalam segala keadaan."
EXAMPLES = ["tanggap demo", "tanggap demo --password sandi-peragaan"]
NEEDS_DATABASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Only the common password can be chosen."""
    parser.add_argument("--password", default="", help="kata sandi bersama semua akun peragaan (bawaan: dibuat acak)")


def run(args: argparse.Namespace) -> int:
    """Build the demo, or say that it stands already, and print where to begin."""
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from tanggap.actions import demo
    from tanggap.cli.terminal import Progress

    note = settings.TANGGAP_DATA / "peragaan.txt"
    call_command("migrate", verbosity=0, interactive=False)
    password = args.password or "-".join(secrets.token_hex(2) for _ in range(3))
    try:
        with Progress("Menyiapkan peragaan", total=demo.size()) as progress:
            built = demo.build(at=timezone.now(), password=password, progress=progress.step)
    except demo.NotEmpty:
        if note.exists():
            print(note.read_text("utf-8"))
            return 0
        print("Basis data ini sudah berisi akun; peragaan tidak dicampur dengan pekerjaan sungguhan.")
        return 1
    told = _told(built, settings.TANGGAP_BASE_URL)
    note.touch(mode=0o600)
    note.write_text(told, "utf-8")
    print(told)
    return 0


def _told(built: demo.Built, base_url: str) -> str:
    """Where to file, who can act, and one complaint to follow."""
    from django.urls import reverse

    lines = ["Peragaan siap. Semua orang, akun, dan laporan di dalamnya rekaan.", "", "Melapor (tanpa akun):"]
    institutions = dict.fromkeys(account.institution for account in built.accounts)
    lines += [f"  {base_url}/lapor/{key}" for key in institutions]
    title, receipt = built.receipts[-1]
    lines += ["", f"Melacak satu laporan, “{title}”:", f"  {base_url}/lacak"]
    lines += [f"  nomor {receipt.register}, kode {receipt.code}", ""]
    sign_in = f"{base_url}{reverse('account_login')}"
    lines += [f"Masuk sebagai petugas: {sign_in}   kata sandi semua akun: {built.password}", ""]
    rows = [(account.username, account.post, account.roles) for account in built.accounts]
    return "\n".join(lines) + "\n" + table(rows, ("Akun", "Jabatan", "Juga")) + "\n"
