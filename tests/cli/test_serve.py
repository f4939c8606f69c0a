"""`tanggap serve`: what it says before it serves."""

from __future__ import annotations

import socket

from tanggap.cli.commands.serve import taken


def test_a_port_that_another_program_listens_on_is_refused_in_words() -> None:
    """Two servers on one port would answer each other's visitors in turn."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert taken("127.0.0.1", port) == [
            f"127.0.0.1 porta {port} sudah dipakai. Pilih yang lain dengan --bind atau --port."
        ]
    assert taken("127.0.0.1", port) == []
