"""`tanggap account add`: an account for somebody who works here, with the posts held and what else they may do."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import UTC, datetime

from tanggap.cli.terminal import CannotGoOn

NAME = "account add"
GROUP = "Lembaga"
HELP = "Membuat akun petugas, memberinya jabatan, dan menetapkan wewenangnya."
EXAMPLES = [
    "tanggap account add rani --email rani@kampus.example --name Rani --institution ub-fmipa --post kabag-tu --desk"
]
NEEDS_DATABASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments. The password is asked for, or read from standard input; never an argument."""
    parser.add_argument("username", metavar="NAMA_AKUN")
    parser.add_argument("--email", required=True, help="alamat surel")
    parser.add_argument("--name", required=True, help="nama lengkap")
    parser.add_argument("--nip", default="", help="NIP")
    parser.add_argument("--institution", metavar="KUNCI", required=True)
    parser.add_argument(
        "--post", metavar="JABATAN", action="append", default=[], help="jabatan yang dipegang (boleh berulang)"
    )
    for name, help_ in (
        ("desk", "meja layanan: mencatat untuk orang lain"),
        ("coordinator", "koordinator: menyimpang dari SOP dengan alasan"),
        ("auditor", "pengawas: membaca semua, tidak mengubah"),
        ("admin", "pengelola: mengatur organisasi, tidak membaca perkara"),
    ):
        parser.add_argument(f"--{name}", action="store_true", help=help_)


def run(args: argparse.Namespace) -> int:
    """Make the account, its membership and its holdings together. Raises :class:`CannotGoOn`."""
    from django.core.exceptions import ValidationError

    from tanggap.actions.accounts import create_account
    from tanggap.actions.arranging import note_by_command
    from tanggap.actions.organisation import appoint, changed
    from tanggap.cli.commands.serve import prepare
    from tanggap.records.models import Institution, Membership
    from tanggap.records.writing import write

    prepare()
    institution = Institution.objects.filter(key=args.institution).first()
    if institution is None:
        raise CannotGoOn(f"Lembaga “{args.institution}” tidak ada.")
    posts = list(institution.posts.filter(key__in=args.post))
    unknown = set(args.post) - {post.key for post in posts}
    if unknown:
        known = ", ".join(institution.posts.values_list("key", flat=True))
        raise CannotGoOn(f"Jabatan “{min(unknown)}” tidak ada. Yang ada: {known}.")
    powers = {name: getattr(args, name) for name in ("desk", "coordinator", "auditor", "admin")}
    try:
        with write():
            user = create_account(
                username=args.username, email=args.email, password=_password(), full_name=args.name, nip=args.nip
            )
            Membership.objects.create(institution=institution, user=user, **powers)
            now = datetime.now(UTC)
            may = ["officer", *(name for name, has in powers.items() if has)]
            note_by_command(institution, "person", {"person": user.person, "powers": may}, at=now)
            for post in posts:
                appoint(post, user, from_at=now)
                facts = {"post": post.key, "person": user.person, "capacity": "definitif", "from": now.isoformat()}
                note_by_command(institution, "hold", {**facts, "until": "", "instead_of": ""}, at=now)
            changed(institution)
    except ValidationError as error:
        raise CannotGoOn(" ".join(error.messages)) from error
    held = ", ".join(post.name for post in posts) or "tanpa jabatan"
    print(f"Akun {user.username} dibuat: {held}, {institution.short_name}.")
    return 0


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Kata sandi: ")
    return sys.stdin.readline().rstrip("\n")
