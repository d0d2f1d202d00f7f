"""Which addresses may be asked for pictures, and to which machine they lead."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urljoin, urlsplit

from souk.media.fetch.errors import AddressNotPublic, AddressUnknown, BadAddress

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]
LONGEST = 2_000
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
_PORTS = {"http": 80, "https": 443}
_OTHER_PORTS = frozenset([8080, 8443])
# Translators and relays, which would carry us to private IPv4 addresses; not every Python calls them special.
_CARRIERS = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "192.0.0.0/24", "192.88.99.0/24")))


@dataclass(frozen=True, slots=True)
class Target:
    """`machine` is the checked address to connect to; the name is for the certificate and the Host header only."""

    scheme: str
    host: str
    port: int
    path: str
    machine: str

    @property
    def netloc(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def is_public(address: Address) -> bool:
    """Tell whether an address is on the public internet, also behind the ways of writing IPv4 within IPv6."""
    if any(address in network for network in _CARRIERS):
        return False
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if inner:
            return is_public(inner)
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name; raises AddressUnknown."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressUnknown(host) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Gate:
    """Decides whom we ask. Tests open it for a server of their own."""

    resolve: Resolve = resolve
    allows: Callable[[Address], bool] = is_public
    any_port: bool = False

    def target(self, url: str, base: str = "") -> Target:
        """Return where `url` (relative to `base`) leads; raises BadAddress, AddressUnknown or AddressNotPublic.

        The name is resolved once and the connection goes to the address that was checked: a name server that
        answers differently the second time is never asked a second time.
        """
        scheme, host, port, path = self._parts(url, base)
        machines = self.resolve(host, port)
        # One private address among public ones is an attack or a mistake; neither is worth a picture.
        if not machines or not all(self.allows(ip_address(machine.partition("%")[0])) for machine in machines):
            raise AddressNotPublic(host)
        return Target(scheme, host, port, path, machines[0])

    def _parts(self, url: str, base: str) -> tuple[str, str, int, str]:
        try:
            parts = urlsplit(urljoin(base, url.strip()))
            host = (parts.hostname or "").encode("idna").decode()
            port = parts.port or _PORTS.get(parts.scheme, 0)
        except (ValueError, UnicodeError) as error:
            raise BadAddress from error
        allowed = self.any_port or port in _OTHER_PORTS or port == _PORTS.get(parts.scheme)
        plain = len(url) <= LONGEST and not parts.username and not parts.password
        if parts.scheme not in _PORTS or not _HOST.fullmatch(host) or not allowed or not plain:
            raise BadAddress
        path = parts.path or "/"
        return parts.scheme, host, port, f"{path}?{parts.query}" if parts.query else path
