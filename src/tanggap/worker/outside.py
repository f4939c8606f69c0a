"""Which addresses lie outside: what may be connected to because a name on a list of hosts leads there (S31).

The lists are our own: ``ipaddress.is_private`` of Python 3.11 says no to 192.0.0.9, 64:ff9b:1::1 and 2002::1 (T6).
"""

from __future__ import annotations

import re
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

Sockaddr: TypeAlias = tuple[socket.AddressFamily, tuple[str, int]]

# IANA's registries of special-purpose addresses, and what routes to a private network by a detour
_INSIDE_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
        ),
    )
)  # fmt: skip
_UNICAST_6 = IPv6Network("2000::/3")
"""All else in IPv6 is special: loopback, link-local, unique local, mapped IPv4, both kinds of NAT64, multicast."""
_INSIDE_6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48")))

_NAME = re.compile(r"(?=.{4,253}\Z)(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?!\d+\Z)[a-z0-9-]{2,63}", re.ASCII)


def is_outside(address: str) -> bool:
    """True for a public unicast address; false for all else, also for what is no address at all."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return not any(found in net for net in _INSIDE_4)
    return _is_outside_6(found)


def _is_outside_6(address: IPv6Address) -> bool:
    return address.scope_id is None and address in _UNICAST_6 and not any(address in net for net in _INSIDE_6)


def is_name(host: str) -> bool:
    """True for a name as the DNS has them, in small letters: never for an address, however it is written."""
    return _NAME.fullmatch(host) is not None


def is_listed(host: str, hosts: Sequence[str]) -> bool:
    """True when ``host`` is one of ``hosts``; one of these that begins with a dot stands for all below it."""
    return any(host == one or (one.startswith(".") and host.endswith(one)) for one in hosts)


def addresses(host: str, port: int) -> list[Sockaddr]:
    """Where ``host`` leads, as the system resolves it. Raises ``OSError``."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, (str(where[0]), int(where[1]))) for family, _type, _proto, _name, where in found]
