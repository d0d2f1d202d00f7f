"""Post one signed message to an endpoint: to a public machine only, without redirects, within ten seconds."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus

from plugins.apps.errors import EndpointGone, NotDelivered
from souk.kernel.db import refuse_inside_transaction
from souk.media.fetch.address import Gate, Target
from souk.media.fetch.errors import FetchFailed

CONNECT_SECONDS = 3.0
SECONDS = 10.0
_MOST_READ = 4_096


class _Connection(http.client.HTTPConnection):
    """Connects to the machine that was checked, with the certificate of the name."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT_SECONDS)
        self.target = target

    def connect(self) -> None:
        self.sock = socket.create_connection((self.target.machine, self.port), self.timeout)
        if self.target.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


@dataclass(frozen=True, slots=True)
class Sender:
    """`seconds` is for the whole exchange, however the endpoint spends it. Tests open the gate for their own server."""

    gate: Gate = field(default_factory=Gate)
    seconds: float = SECONDS

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> None:
        """Return when the endpoint took it (2xx); raises NotDelivered, or EndpointGone for 410."""
        refuse_inside_transaction("An app's endpoint")
        try:
            target = self.gate.target(url)
        except FetchFailed as error:
            raise NotDelivered("The address leads to no server on the public internet.") from error
        status = self._exchange(target, headers, body)
        if status == HTTPStatus.GONE:
            raise EndpointGone("The endpoint answered 410: it is gone.")
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise NotDelivered(f"The endpoint answered {status}.")

    def _exchange(self, target: Target, headers: Mapping[str, str], body: bytes) -> int:
        connection = _Connection(target)

        def end() -> None:
            with suppress(OSError, AttributeError):
                connection.sock.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(self.seconds, end)
        timer.daemon = True
        timer.start()
        try:
            connection.request("POST", target.path, body, {**headers, "Host": target.netloc})
            answer = connection.getresponse()
            answer.read(_MOST_READ)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotDelivered(f"The endpoint did not answer ({type(error).__name__}).") from error
        finally:
            timer.cancel()
            connection.close()
        return answer.status
