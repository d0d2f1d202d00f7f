"""Public addresses only, however they are written."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from souk.media.fetch.address import Gate, is_public
from souk.media.fetch.errors import AddressNotPublic, AddressUnknown, BadAddress


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
        "0.0.0.0",  # noqa: S104 - refused here
        "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.7", "224.0.0.1", "240.0.0.1",
        "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "2002:a00:1::", "64:ff9b::7f00:1", "64:ff9b:1::a00:1",
    ],
)  # fmt: skip
def test_private_and_special_addresses_are_refused(address: str) -> None:
    assert is_public(ip_address(address)) is False


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses_pass(address: str) -> None:
    assert is_public(ip_address(address)) is True


@pytest.mark.parametrize(
    "url",
    [
        "", "chair.jpg", "//example.com/a.jpg", "ftp://example.com/a.jpg", "file:///etc/passwd", "data:image/png,x",
        "javascript:alert(1)", "http://", "http:///a.jpg", "http://example.com:22/", "http://example.com:6379/",
        "http://user:secret@example.com/a.jpg", "http://example.com:99999/", "http://[::1", "http://exa\x00mple.com/",
        "https://example.com/" + "a" * 2_000,
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_picture_is_refused_before_any_name_is_resolved(url: str) -> None:
    asked: list[str] = []
    gate = Gate(resolve=lambda host, port: asked.append(host) or [])  # type: ignore[func-returns-value]

    with pytest.raises(BadAddress):
        gate.target(url)

    assert asked == []


@pytest.mark.parametrize(
    ("url", "machines"),
    [
        ("http://inside.example/a.jpg", ["10.0.0.5"]),
        ("http://mixed.example/a.jpg", ["1.1.1.1", "127.0.0.1"]),
        ("http://nowhere.example/a.jpg", []),
        ("http://scoped.example/a.jpg", ["fe80::1%eth0"]),
    ],
)
def test_a_name_that_leads_inside_is_refused(url: str, machines: list[str]) -> None:
    with pytest.raises(AddressNotPublic):
        Gate(resolve=lambda host, port: machines).target(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "2130706433", "0x7f000001", "017700000001", "localhost"])
def test_numbers_and_names_of_this_machine_are_refused(host: str) -> None:
    with pytest.raises((AddressNotPublic, AddressUnknown)):
        Gate().target(f"http://{host}/a.jpg")


def test_the_target_is_the_machine_that_was_checked() -> None:
    target = Gate(resolve=lambda host, port: ["1.1.1.1", "1.0.0.1"]).target("HTTPS://Example.com/a b.jpg?size=2")

    assert (target.scheme, target.host, target.port, target.machine) == ("https", "example.com", 443, "1.1.1.1")
    assert (target.path, target.netloc) == ("/a b.jpg?size=2", "example.com")
