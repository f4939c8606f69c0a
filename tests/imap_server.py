"""An IMAP server for tests, on loopback: a folder of messages, and every way in which a server can misbehave."""

from __future__ import annotations

import re
import socketserver
import ssl
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from platforms import server_context


@dataclass
class Letter:
    """A message in the folder. ``seen_at_first``: it was read long before anybody here looked."""

    raw: bytes
    flags: set[str] = field(default_factory=set)
    is_old: bool = False


@dataclass
class Mailbox:
    """What the server holds, and how it behaves.

    ``fault``: called for each FETCH of a body with UID and handler; what it returns is sent instead (``None``: nothing
    is wrong). ``said``: all commands, without arguments of LOGIN.
    """

    port: int = 0
    user: str = "pengaduan@kampus.example"
    password: str = "sandi surat"
    folder: str = "INBOX"
    validity: int = 7
    next: int = 1
    letters: dict[int, Letter] = field(default_factory=dict)
    moved: dict[int, Letter] = field(default_factory=dict)
    fault: Callable[[int, Handler], bool] = lambda uid, handler: False
    before_mark: Callable[[int], None] = lambda uid: None
    mute: bool = False
    tls: bool = False
    capabilities: str = "IMAP4rev1 UIDPLUS MOVE"
    said: list[str] = field(default_factory=list)

    def put(self, raw: bytes, *flags: str, is_old: bool = False) -> int:
        """A message comes in; its UID."""
        uid, self.next = self.next, self.next + 1
        self.letters[uid] = Letter(raw, set(flags), is_old)
        return uid

    def number_anew(self) -> None:
        """The server lost its numbers: another UIDVALIDITY, all UIDs from 1."""
        self.validity += 1
        self.letters = dict(enumerate(self.letters.values(), 1))
        self.next = len(self.letters) + 1

    def settings(self, **more: str) -> dict[str, str]:
        """What an account says to come here."""
        return {
            "address": self.user, "imap_host": "localhost", "imap_port": str(self.port), "imap_password": self.password,
            "imap_tls": "ssl" if self.tls else "off", **more,
        }  # fmt: skip

    def seen(self) -> list[int]:
        """UIDs that are flagged as read."""
        return [uid for uid, letter in self.letters.items() if "\\Seen" in letter.flags]


class Handler(socketserver.StreamRequestHandler):
    """One connection. What it says leaves at once, line by line: else every answer waits 40 ms for the other side."""

    disable_nagle_algorithm = True
    box: Mailbox

    def say(self, line: str | bytes) -> None:
        """One line."""
        self.wfile.write((line.encode() if isinstance(line, str) else line) + b"\r\n")
        self.wfile.flush()

    def handle(self) -> None:
        """Answer until it is over."""
        if self.box.mute:
            time.sleep(30)
            return
        self.say("* OK IMAP4rev1 uji")
        while line := self.rfile.readline(100_000).decode("utf-8", "replace").strip():
            tag, _, rest = line.partition(" ")
            name, _, arguments = rest.partition(" ")
            self.box.said.append(name.upper() if name.upper() == "LOGIN" else rest)
            if name.upper() == "UID":
                name, _, arguments = arguments.partition(" ")
                name = f"UID_{name}"
            if name.upper() == "LOGOUT":
                self.say("* BYE")
                self.say(f"{tag} OK well")
                return
            if getattr(self, f"do_{name.upper()}", self.unknown)(tag, arguments) == "leave":
                return

    def unknown(self, tag: str, arguments: str) -> None:
        self.say(f"{tag} BAD unknown")

    def do_CAPABILITY(self, tag: str, arguments: str) -> None:  # noqa: N802
        self.say(f"* CAPABILITY {self.box.capabilities}")
        self.say(f"{tag} OK well")

    def do_NOOP(self, tag: str, arguments: str) -> None:  # noqa: N802
        self.say(f"{tag} OK well")

    def do_LOGIN(self, tag: str, arguments: str) -> None:  # noqa: N802
        given = re.findall(r'"((?:[^"\\]|\\.)*)"', arguments)
        well = given == [self.box.user, self.box.password]
        self.say(f"{tag} OK well" if well else f"{tag} NO [AUTHENTICATIONFAILED] wrong")

    def do_AUTHENTICATE(self, tag: str, arguments: str) -> None:  # noqa: N802
        self.say("+ ")
        given = b64decode(self.rfile.readline(10_000)).decode().split("\0")[-2:]
        self.say(f"{tag} OK well" if given == [self.box.user, self.box.password] else f"{tag} NO wrong")

    def do_SELECT(self, tag: str, arguments: str) -> None:  # noqa: N802
        if arguments.strip('"') != self.box.folder:
            self.say(f"{tag} NO no such folder")
            return
        self.say(f"* {len(self.box.letters)} EXISTS")
        self.say(f"* OK [UIDVALIDITY {self.box.validity}] well")
        self.say(f"* OK [UIDNEXT {self.box.next}] well")
        self.say(f"{tag} OK [READ-WRITE]")

    def do_UID_SEARCH(self, tag: str, arguments: str) -> None:  # noqa: N802
        letters = self.box.letters
        last = max(letters, default=0)
        if arguments.startswith("OR UNSEEN SINCE"):
            found = [uid for uid, one in letters.items() if "\\Seen" not in one.flags or not one.is_old]
        else:
            low, _, high = arguments.removeprefix("UID ").partition(":")
            first = last if low == "*" else int(low)
            end = (last if high == "*" else int(high)) if high else first
            low_end, high_end = sorted((first, end))  # 9:* means the last one, even when that is 3
            found = [uid for uid in letters if low_end <= uid <= high_end]
        self.say("* SEARCH" + "".join(f" {uid}" for uid in sorted(found)))
        self.say(f"{tag} OK well")

    def do_UID_FETCH(self, tag: str, arguments: str) -> str | None:  # noqa: N802
        for uid in self.named(arguments):
            letter = self.box.letters.get(uid)
            if letter is not None and "RFC822.SIZE" in arguments:
                self.say(f"* 1 FETCH (UID {uid} RFC822.SIZE {len(letter.raw)})")
            elif letter is not None:
                if self.box.fault(uid, self):
                    return "leave"
                cut = re.search(r"<0\.(\d+)>", arguments)
                raw = letter.raw[: int(cut[1])] if cut else letter.raw
                self.wfile.write(f"* 1 FETCH (UID {uid} BODY[]{'<0>' if cut else ''} {{{len(raw)}}}\r\n".encode() + raw)
                self.say(")")
        self.say(f"{tag} OK well")
        return None

    def do_UID_STORE(self, tag: str, arguments: str) -> None:  # noqa: N802
        for uid in self.named(arguments):
            self.box.before_mark(uid)
            if uid in self.box.letters:
                self.box.letters[uid].flags.add("\\Seen")
        self.say(f"{tag} OK well")

    def do_UID_MOVE(self, tag: str, arguments: str) -> None:  # noqa: N802
        for uid in self.named(arguments):
            self.box.moved[uid] = self.box.letters.pop(uid)
        self.say(f"{tag} OK well")

    @staticmethod
    def named(arguments: str) -> list[int]:
        """The numbers that a command is about: ``1:3,7``."""
        found: list[int] = []
        for part in arguments.split(maxsplit=1)[0].split(","):
            first, _, last = part.partition(":")
            found += range(int(first), int(last or first) + 1)
        return found


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hangs up has hung up."""


@contextmanager
def imap_server(*, tls: bool = False) -> Iterator[Mailbox]:
    """A mailbox that can be looked into while the block runs."""
    box = Mailbox(tls=tls)
    server = _Server(("127.0.0.1", 0), type("Bound", (Handler,), {"box": box}))
    if tls:
        context: ssl.SSLContext = server_context()
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    box.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield box
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
