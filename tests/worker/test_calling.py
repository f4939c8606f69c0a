"""Calls to platforms: only https, only hosts of the list, only addresses outside, and over in time."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from platforms import Asked, Platform, Said, platform
from tanggap.channels.contract import Call
from tanggap.worker import outside
from tanggap.worker.calling import Caller, CannotReach

HOSTS = ("graph.facebook.com", ".fbcdn.net")


@pytest.fixture(scope="module")
def site() -> Iterator[Platform]:
    with platform() as found:
        yield found


@pytest.fixture(autouse=True)
def fresh(site: Platform) -> None:
    site.calls.clear()
    site.answer = lambda asked: Said()


@pytest.fixture
def closing() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def why(caller: Caller, address: str, *, hosts: tuple[str, ...] = HOSTS, most: int = 1000) -> str:
    with pytest.raises(CannotReach) as caught:
        caller.reach(Call("GET", address), hosts=hosts, most=most)
    assert "graph" not in str(caught.value)
    return caught.value.why


# where a call may go --------------------------------------------------------------------------------------------------

INSIDE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "192.0.0.9", "192.0.0.170", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
    "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8",
    "::127.0.0.1", "64:ff9b::1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002::1", "2002:7f00:1::", "2001::1",
    "2001:0:7f00:1::", "2001:db8::1", "3fff::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1",
    "ff02::1", "100::1", "5f00::1", "2620:4f:8000::1", "2a00::1%eth0", "", "nonsense", "0", "2130706433", "127.1",
    "0x7f.1", "0177.0.0.1",
]  # fmt: skip
OUTSIDE = ["8.8.8.8", "1.1.1.1", "157.240.0.1", "149.154.167.220", "172.32.0.1", "100.128.0.1", "223.255.255.254",
           "2a03:2880:f10d::1", "2600::1", "2001:4860:4860::8888", "2001:67c:4e8::1"]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_of_an_inside_network_is_taken_for_one_outside(address: str) -> None:
    """S31, T6: also those that Python's own ``is_private`` takes for public."""
    assert not outside.is_outside(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_public_addresses_are_outside(address: str) -> None:
    assert outside.is_outside(address)


@pytest.mark.parametrize("address", INSIDE[:-6])
def test_a_listed_name_that_leads_inside_is_not_connected_to(site: Platform, address: str) -> None:
    """S31: DNS rebinding; one bad address among good ones is enough."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    for more in ([], [(socket.AF_INET, ("8.8.8.8", 443))]):
        caller = Caller(resolve=lambda host, port, more=more: [*more, (family, (address, port))])  # type: ignore[misc]
        assert why(caller, "https://graph.facebook.com/") == "inside"
    assert not site.calls


@pytest.mark.parametrize(
    "address",
    [
        "http://graph.facebook.com/", "ftp://graph.facebook.com/", "file:///etc/passwd", "gopher://graph.facebook.com/",
        "https://127.0.0.1/", "https://0/", "https://2130706433/", "https://0x7f.1/", "https://127.1/", "https://[::1]/",
        "https://[::ffff:127.0.0.1]/", "https://[64:ff9b:1::1]/", "https://192.0.0.9/", "https://169.254.169.254/",
        "https://prefix.[::1].suffix/", "https://prefix.[v6a.ip].suffix/", "https://localhost/", "https:///x",
        "https:x",
        "https://graph.facebook.com@127.0.0.1/", "https://user:word@graph.facebook.com/", "//graph.facebook.com/", "",
        "https://graph.facebook.com\\@127.0.0.1/", "https://graph.facebook.com\r\nHost: x/",
        "https://graph.facebook.com/ x",
        "https://graph.facebook.com:x/", "https://graph.facebook.com./", "https://gräph.facebook.com/",
        "https://graph.facebook.com%2f.evil.example/", "https://graph.facebook.com/" + "a" * 9000,
    ],
)  # fmt: skip
def test_what_is_no_plain_https_address_of_a_name_is_not_called(site: Platform, address: str) -> None:
    """S31."""
    assert why(site.caller(), address) == "address"
    assert not site.calls


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "graph.facebook.com.evil.example",
        "evilgraph.facebook.com",
        "fbcdn.net",
        "xfbcdn.net",
        "graph.facebook.com:8443",
    ],
)
def test_a_host_that_is_not_on_the_list_is_not_called(site: Platform, host: str) -> None:
    """S31: nor an unusual port of one that is."""
    assert why(site.caller(), f"https://{host}/") == "host"
    assert not site.calls


def test_a_listed_host_is_called_at_the_address_looked_at_and_all_below_a_dot_are_listed(site: Platform) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[outside.Sockaddr]:
        asked.append(host)
        return [(socket.AF_INET, ("127.0.0.1", site.port))]

    caller = site.caller(resolve=resolve)
    reply = caller.reach(
        Call("POST", "https://graph.facebook.com/v23.0/1/messages?a=b", {"Authorization": "Bearer x"}, b"{}"),
        hosts=HOSTS,
    )
    assert (reply.status, reply.body, reply.headers["content-type"]) == (200, b"{}", "application/json")
    assert caller.reach(Call("GET", "https://scontent.fbcdn.net"), hosts=HOSTS).status == 200
    assert asked == ["graph.facebook.com", "scontent.fbcdn.net"], "each name is looked up once"
    first, second = site.calls
    assert (first.method, first.path, first.host, first.body) == (
        "POST", "/v23.0/1/messages?a=b", "graph.facebook.com", b"{}",
    )  # fmt: skip
    assert (first.headers["authorization"], first.headers["accept-encoding"]) == ("Bearer x", "identity")
    assert (second.path, second.host) == ("/", "scontent.fbcdn.net")


def test_a_redirect_is_an_answer_and_not_followed(site: Platform) -> None:
    """S31: redirect to loopback."""
    site.answer = lambda asked: Said(302, b"", {"Location": "https://127.0.0.1/"})
    assert site.caller().reach(Call("GET", "https://graph.facebook.com/"), hosts=HOSTS).status == 302
    assert len(site.calls) == 1


def test_the_real_line_does_not_reach_loopback(site: Platform) -> None:
    """No setting lays a line of tests: what production makes believes neither the address nor the certificate."""
    here = f"localhost.localdomain:{site.port}"
    assert why(Caller(), f"https://{here}/", hosts=(here,)) in ("inside", "dns")
    assert why(site.caller(trust=ssl.create_default_context()), "https://graph.facebook.com/") == "tls"
    assert not site.calls


def test_a_certificate_of_another_name_is_not_believed(site: Platform) -> None:
    assert why(site.caller(), "https://other.fbcdn.net/") == "tls"


def test_a_proxy_in_the_surroundings_is_not_asked(site: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert site.caller().reach(Call("GET", "https://graph.facebook.com/"), hosts=HOSTS).status == 200


# limits ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [True, False], ids=["announced", "endless"])
def test_a_longer_answer_than_allowed_is_left(site: Platform, length: bool) -> None:
    site.answer = lambda asked: Said(200, b"x" * 5000, {}, length=length)
    assert why(site.caller(), "https://graph.facebook.com/", most=4999) == "large"
    assert site.caller().reach(Call("GET", "https://graph.facebook.com/"), hosts=HOSTS, most=5000).body == b"x" * 5000


def test_a_packed_answer_that_nobody_asked_for_is_not_unpacked(site: Platform) -> None:
    site.answer = lambda asked: Said(200, b"\x1f\x8b", {"Content-Encoding": "gzip"})
    assert why(site.caller(), "https://graph.facebook.com/") == "protocol"


@pytest.mark.parametrize("what", ["nothing at all", "a byte now and then", "no handshake", "names that do not resolve"])
def test_whoever_answers_slowly_is_left_when_the_time_is_over(site: Platform, what: str, closing: ExitStack) -> None:
    """F9: the whole call has one time limit, however it is spent."""
    caller = site.caller(seconds=0.6)
    if what == "nothing at all":
        site.answer = lambda asked: threading.Event().wait(3) or Said()  # type: ignore[return-value]
    elif what == "a byte now and then":
        site.answer = lambda asked: Said(200, b"x" * 100, slowly=0.05)
    elif what == "no handshake":
        silent = closing.enter_context(socket.create_server(("127.0.0.1", 0)))
        caller = site.caller(seconds=0.6, resolve=lambda h, p: [(socket.AF_INET, silent.getsockname())])
    else:
        caller = site.caller(seconds=0.6, resolve=lambda h, p: threading.Event().wait(3) or [])
    began = time.monotonic()
    assert why(caller, "https://graph.facebook.com/") in ("time", "dns")
    assert time.monotonic() - began < 1.5


def test_nobody_there_and_nonsense_are_told_apart(site: Platform) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        gone = door.getsockname()
    assert (
        why(site.caller(resolve=lambda h, p: [(socket.AF_INET, gone)]), "https://graph.facebook.com/") == "connection"
    )
    assert why(site.caller(resolve=lambda h, p: []), "https://graph.facebook.com/") == "dns"

    def fails(host: str, port: int) -> list[outside.Sockaddr]:
        raise OSError("no such name")

    assert why(site.caller(resolve=fails), "https://graph.facebook.com/") == "dns"


def test_nothing_of_the_address_is_logged(site: Platform, caplog: pytest.LogCaptureFixture) -> None:
    """Telegram's token stands in it."""
    caplog.set_level(logging.DEBUG)

    def answer(asked: Asked) -> Said:
        return Said(500)

    site.answer = answer
    site.caller().reach(Call("POST", "https://graph.facebook.com/bot123:KANARI/sendMessage", {}, b"{}"), hosts=HOSTS)
    assert site.calls[0].path == "/bot123:KANARI/sendMessage"
    assert "KANARI" not in caplog.text
