"""Why a picture could not be fetched. `again` tells whether a later try may succeed."""

from __future__ import annotations

from typing import ClassVar

from souk.kernel.errors import SoukError


class FetchFailed(SoukError):
    status = 422
    code = "picture_not_fetched"
    again: ClassVar[bool] = False


class BadAddress(FetchFailed):
    code = "picture_address_invalid"

    def __init__(self) -> None:
        super().__init__("The address is none of a picture on the web; it looks like https://example.com/chair.jpg.")


class AddressNotPublic(FetchFailed):
    """Our servers reach machines that strangers must not reach through us."""

    code = "picture_address_not_public"

    def __init__(self, host: str) -> None:
        super().__init__(f"{host[:100]} is not on the public internet; put the picture where everybody can open it.")


class AddressUnknown(FetchFailed):
    code = "picture_host_unknown"
    again = True

    def __init__(self, host: str) -> None:
        super().__init__(f"No server is called {host[:100]}; check the address.")


class ServerRefused(FetchFailed):
    code = "picture_refused"

    def __init__(self, status: int) -> None:
        super().__init__(f"The server answered {status} instead of the picture; open the address in a browser.")


class ServerFailed(FetchFailed):
    code = "picture_server_failed"
    again = True

    def __init__(self, reason: str) -> None:
        super().__init__(f"The server did not deliver the picture ({reason[:80]}); it is tried again.")


class TooSlow(FetchFailed):
    code = "picture_too_slow"
    again = True

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The server took longer than {seconds:g} seconds for the picture; it is tried again.")


class TooManyRedirects(FetchFailed):
    code = "picture_redirects"

    def __init__(self, most: int) -> None:
        super().__init__(f"The address leads on more than {most} times; give the one where the picture lies.")


class TooLarge(FetchFailed):
    code = "picture_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The file has more than {limit:,} bytes; give the address of a smaller picture.")
