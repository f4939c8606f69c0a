"""What every channel file keeps to, whoever wrote it: a new one is put through this by lying in the folder."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.channels import directory
from tanggap.channels.arrivals import Kind, Reading
from tanggap.channels.contract import Setting

HERE = Path(__file__).parent
CHANNELS = list(directory.modules().values())
READABLE = list(directory.readable().values())
FIXTURES = [
    (channel, file)
    for channel in READABLE
    for file in sorted((HERE / channel.KEY).glob("*"))
    if file.is_file() and file.suffix not in (".py", ".pyc")
]
HOSTILE = (
    b"", b"\0", b"{}", b"[]", b"null", b'{"entry": 1}', b'{"entry": [{"changes": null}]}', b"[" * 100_000,
    b'{"a":' * 50_000, b"\xff\xfe" + b"x" * 1000, b"From: <" * 1000, b"1e999999", '{"update_id": "é"}'.encode("utf-16"),
    b"Subject: =?x?q?" + b"=0A" * 1000, b"\r\n" * 10_000,
)  # fmt: skip


def name(one: ModuleType) -> str:
    return str(one.KEY)


def everyday(channel: ModuleType) -> dict[str, str]:
    """Settings as an administrator may leave them: nothing but defaults."""
    return {one.name: one.default for one in directory.settings_of(channel) if not one.secret}


@pytest.mark.parametrize("channel", CHANNELS, ids=name)
def test_a_channel_has_a_key_a_label_and_settings_that_can_be_asked_for(channel: ModuleType) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]{1,19}", channel.KEY)
    assert channel.LABEL.strip()
    asked = directory.settings_of(channel)
    assert all(isinstance(one, Setting) and one.label.strip() for one in asked)
    assert len({one.name for one in asked}) == len(asked)
    assert not [one.name for one in asked if one.secret and one.default], "no secret has a default"


def test_no_two_channels_have_one_key() -> None:
    assert len({channel.KEY for channel in CHANNELS}) == len(CHANNELS)


@pytest.mark.parametrize("raw", HOSTILE, ids=lambda raw: repr(raw[:12]))
@pytest.mark.parametrize("channel", READABLE, ids=name)
def test_reading_what_is_nonsense_says_so_or_finds_nothing_and_never_raises(channel: ModuleType, raw: bytes) -> None:
    """P2, T4: a reading is total; only the limited child stands between it and what even this does not think of."""
    assert isinstance(channel.read(raw, everyday(channel)), Reading)


@pytest.mark.parametrize("channel", READABLE, ids=name)
def test_reading_random_bytes_never_raises(channel: ModuleType) -> None:
    plain = everyday(channel)

    @settings(max_examples=60)
    @given(st.binary(max_size=400))
    def never_raises(raw: bytes) -> None:
        assert isinstance(channel.read(raw, plain), Reading)

    never_raises()


@pytest.mark.parametrize("channel", READABLE, ids=name)
def test_every_channel_that_can_be_read_has_recorded_deliveries(channel: ModuleType) -> None:
    assert [file for one, file in FIXTURES if one is channel], f"tests/channels/{channel.KEY}/ is empty"


@pytest.mark.parametrize(("channel", "file"), FIXTURES, ids=lambda one: getattr(one, "KEY", getattr(one, "name", "")))
def test_a_recorded_delivery_is_read_the_same_twice_and_each_arrival_has_an_id_of_its_own(
    channel: ModuleType, file: Path
) -> None:
    """Without an id of its own an arrival could not be counted once (I2)."""
    raw, plain = file.read_bytes(), everyday(channel)
    reading = channel.read(raw, plain)
    assert reading == channel.read(raw, plain), "an id made up by chance would make two of one"
    told = Counter((one.kind, one.external_id) for one in reading.arrivals)
    assert not [key for key, n in told.items() if n > 1]
    for one in reading.arrivals:
        assert one.external_id.strip()
        assert one.sent_at is None or one.sent_at.tzinfo is not None
        assert one.kind is not Kind.STATUS or one.about or {"watermark", "membership"} & set(one.tags)
