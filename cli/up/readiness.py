"""Ask /readyz until every dependency is up."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable

from cli.up.errors import NotReadyError
from cli.up.place import Place

# A busy or small machine may take minutes; a process that dies is noticed by `meanwhile`, at once.
PATIENCE_SECONDS = 180.0
PAUSE_SECONDS = 0.1


def wait_until_ready(place: Place, meanwhile: Callable[[], None], patience: float = PATIENCE_SECONDS) -> None:
    """Poll until /readyz says 200, calling `meanwhile` between tries; raises after `patience` seconds."""
    limit = time.monotonic() + patience
    while (answer := _ask(place)) != "200":
        if time.monotonic() > limit:
            raise NotReadyError(patience, answer, place.logs)
        meanwhile()
        time.sleep(PAUSE_SECONDS)


def _ask(place: Place) -> str:
    host = "127.0.0.1" if place.host == "0.0.0.0" else place.host  # noqa: S104  compared, not bound
    connection = http.client.HTTPConnection(host, place.port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"{place.base_domain}:{place.port}"})
        response = connection.getresponse()
        body = response.read(300).decode("utf-8", errors="replace")
    except OSError as error:
        return str(error)
    except http.client.HTTPException as error:
        return f"{type(error).__name__}: {error}"
    finally:
        connection.close()
    return "200" if response.status == http.client.OK else f"{response.status} {body}"
