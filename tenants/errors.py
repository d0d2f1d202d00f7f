"""What can go wrong with shops and their domains."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Invalid, NotFound


class UnknownTenant(NotFound):
    code = "unknown_tenant"

    def __init__(self, slug: str) -> None:
        super().__init__(f"No shop is called {slug!r}; `souk tenant list` shows them all.")


class SlugTaken(Conflict):
    code = "slug_taken"

    def __init__(self, slug: str) -> None:
        super().__init__(f"A shop called {slug!r} exists already; choose another name.", slug=slug)


class BadSlug(Invalid):
    code = "bad_slug"

    def __init__(self, slug: str) -> None:
        super().__init__(
            f"{slug[:50]!r} cannot be a shop's address; use 3 to 40 letters a-z, digits and dashes, "
            "starting with a letter."
        )


class BadHost(Invalid):
    code = "bad_host"

    def __init__(self, host: str) -> None:
        super().__init__(f"{host[:80]!r} is no domain name; write it like www.example.com, without scheme or port.")


class DomainTaken(Conflict):
    code = "domain_taken"

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} belongs to another shop; remove it there first.", host=host)


class UnknownDomain(NotFound):
    code = "unknown_domain"

    def __init__(self, host: str) -> None:
        super().__init__(f"This shop has no domain {host}; `souk domain list` shows its domains.", host=host)


class PrimaryDomainStays(Conflict):
    code = "primary_domain_stays"

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is the primary domain; make another one primary before removing it.", host=host)
