"""Fetch one picture over HTTP, from the machine that was checked, within limits of size, time and redirects."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import quote

from souk.kernel.db import refuse_inside_transaction
from souk.media.check import MAX_BYTES
from souk.media.fetch.address import Gate, Target
from souk.media.fetch.errors import ServerFailed, ServerRefused, TooLarge, TooManyRedirects, TooSlow

MAX_REDIRECTS = 5
SECONDS = 20.0
_SILENCE = 5.0
_CHUNK = 64 * 1024
_PASSING = frozenset([408, 425, 429])
_REDIRECTS = frozenset([301, 302, 303, 307, 308])
_HEADERS = {"User-Agent": "Souk-Pictures/1", "Accept": "image/*", "Accept-Encoding": "identity"}
# Besides what is reserved, an address may hold signs that are quoted already.
_KEPT = "/?&=%:@!$'()*+,;~-._[]"


class _Plain(http.client.HTTPConnection):
    """Connects to `machine` instead of asking a name server again."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=_SILENCE)
        self.machine = target.machine

    def connect(self) -> None:
        self.sock = socket.create_connection((self.machine, self.port), self.timeout)


class _Secure(_Plain):
    def connect(self) -> None:
        super().connect()
        # The certificate must be that of the name, although the address was chosen before.
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


@dataclass(frozen=True, slots=True)
class Downloader:
    gate: Gate = field(default_factory=Gate)
    seconds: float = SECONDS
    max_bytes: int = MAX_BYTES

    def fetch(self, url: str) -> bytes:
        """Return the bytes at `url`; what they are is for others to find out. Raises a FetchFailed."""
        refuse_inside_transaction("The server of a picture")
        base = ""
        for _ in range(MAX_REDIRECTS + 1):
            target = self.gate.target(url, base)
            base = f"{target.scheme}://{target.netloc}{target.path}"
            with self._limited(target) as connection:
                found = self._ask(connection, target)
            if isinstance(found, bytes):
                return found
            url = found
        raise TooManyRedirects(MAX_REDIRECTS)

    @contextmanager
    def _limited(self, target: Target) -> Iterator[_Plain]:
        """Open a connection that is torn down when its time is over, however the server spends that time."""
        connection = _Secure(target) if target.scheme == "https" else _Plain(target)
        ended = threading.Event()

        def end() -> None:
            ended.set()
            with suppress(OSError, AttributeError):
                connection.sock.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(self.seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield connection
            if ended.is_set():
                # A body without a length looks whole when the connection is torn down.
                raise TooSlow(self.seconds)
        except ServerFailed as error:
            if ended.is_set():
                raise TooSlow(self.seconds) from error
            raise
        except (OSError, http.client.HTTPException, ValueError) as error:
            if ended.is_set() or isinstance(error, TimeoutError):
                raise TooSlow(self.seconds) from error
            raise ServerFailed(type(error).__name__) from error
        finally:
            timer.cancel()
            connection.close()

    def _ask(self, connection: _Plain, target: Target) -> bytes | str:
        """Return the body, or the address that the server names instead."""
        connection.request("GET", quote(target.path, safe=_KEPT), headers={**_HEADERS, "Host": target.netloc})
        answer = connection.getresponse()
        location = answer.headers.get("Location", "")
        if answer.status in _REDIRECTS and location:
            return location
        if answer.status >= http.HTTPStatus.INTERNAL_SERVER_ERROR or answer.status in _PASSING:
            raise ServerFailed(str(answer.status))
        if answer.status != http.HTTPStatus.OK:
            raise ServerRefused(answer.status)
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise ServerFailed("it packed the file although we asked for it as it is")
        return self._body(answer)

    def _body(self, answer: http.client.HTTPResponse) -> bytes:
        if (answer.length or 0) > self.max_bytes:
            raise TooLarge(self.max_bytes)
        parts, size = [], 0
        while chunk := answer.read1(_CHUNK):
            parts.append(chunk)
            size += len(chunk)
            if size > self.max_bytes:
                raise TooLarge(self.max_bytes)
        if answer.length:
            raise ServerFailed("the file is cut off")
        return b"".join(parts)
