"""Downloads from a server of our own that misbehaves in every way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from souk.media.fetch.address import Gate, is_public
from souk.media.fetch.download import Downloader
from souk.media.fetch.errors import (
    AddressNotPublic,
    FetchFailed,
    ServerFailed,
    ServerRefused,
    TooLarge,
    TooManyRedirects,
    TooSlow,
)
from tests.fixtures.web_server import Answer, WebServer, web_server


@pytest.fixture(scope="module")
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


def downloader(*, seconds: float = 5, max_bytes: int = 1_000) -> Downloader:
    """Return one whose every name leads to this machine, which it may ask."""
    gate = Gate(resolve=lambda host, port: ["127.0.0.1"], allows=lambda address: True, any_port=True)
    return Downloader(gate, seconds=seconds, max_bytes=max_bytes)


def test_a_picture_comes_from_the_machine_that_was_checked(server: WebServer) -> None:
    server.answers["/a%20b.jpg?x=1"] = Answer(body=b"picture")

    data = downloader().fetch(server.url("/a b.jpg?x=1"))

    assert data == b"picture"
    assert server.asked[-1] == ("/a%20b.jpg?x=1", f"pictures.example:{server.port}")


REFUSALS: list[tuple[str, Answer, type[FetchFailed], bool]] = [
    ("gone", Answer(404), ServerRefused, False),
    ("forbidden", Answer(403), ServerRefused, False),
    ("empty", Answer(204), ServerRefused, False),
    ("busy", Answer(503), ServerFailed, True),
    ("limited", Answer(429), ServerFailed, True),
    ("too large by its header", Answer(body=b"x", length=2_000), TooLarge, False),
    ("too large by its body", Answer(body=b"x" * 1_001, headers={"Connection": "close"}), TooLarge, False),
    ("cut off", Answer(body=b"x" * 10, length=500, headers={"Connection": "close"}), FetchFailed, True),
    ("packed", Answer(body=b"x", headers={"Content-Encoding": "gzip"}), ServerFailed, True),
    ("dripping", Answer(body=b"x" * 100, drip=0.1), TooSlow, True),
    ("around and around", Answer(302, headers={"Location": "/around and around"}), TooManyRedirects, False),
]


@pytest.mark.parametrize(("name", "answer", "error", "again"), REFUSALS, ids=[refusal[0] for refusal in REFUSALS])
def test_a_server_that_does_not_deliver(
    server: WebServer, name: str, answer: Answer, error: type[FetchFailed], *, again: bool
) -> None:
    path = "/" + name
    server.answers[path.replace(" ", "%20")] = answer

    with pytest.raises(error) as failed:
        downloader(seconds=1).fetch(server.url(path))

    assert failed.value.again is again


def test_a_redirect_is_followed_to_another_name(server: WebServer) -> None:
    server.answers["/old.jpg"] = Answer(301, headers={"Location": server.url("/new.jpg", "cdn.example")})
    server.answers["/new.jpg"] = Answer(body=b"picture")

    assert downloader().fetch(server.url("/old.jpg")) == b"picture"
    assert server.asked[-1] == ("/new.jpg", f"cdn.example:{server.port}")


def test_a_redirect_to_the_inside_is_refused(server: WebServer) -> None:
    server.answers["/trap.jpg"] = Answer(302, headers={"Location": "http://169.254.169.254/latest/meta-data"})
    gate = Gate(
        resolve=lambda host, port: [host if host[0].isdigit() else "127.0.0.1"],
        allows=lambda address: address.is_loopback or is_public(address),
        any_port=True,
    )

    with pytest.raises(AddressNotPublic):
        Downloader(gate).fetch(server.url("/trap.jpg"))


def test_a_name_server_is_asked_once_a_connection(server: WebServer) -> None:
    server.answers["/once.jpg"] = Answer(body=b"picture")
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    gate = Gate(resolve=lambda host, port: next(answers), allows=lambda address: address.is_loopback, any_port=True)

    assert Downloader(gate).fetch(server.url("/once.jpg", "rebinding.example")) == b"picture"
    assert next(answers) == ["10.0.0.1"]


def test_nobody_listening_is_worth_another_try() -> None:
    with pytest.raises(ServerFailed) as failed:
        downloader().fetch("http://pictures.example:1/a.jpg")

    assert failed.value.again is True
