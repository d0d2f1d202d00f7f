"""Who wants to hear of which event; packages fill this registry while the application is composed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from souk.kernel.errors import SoukError
from souk.kernel.events import CATALOGUE, UnknownEvent
from souk.kernel.outbox import Job

Consumer = Callable[[Job], None]
EVERY_EVENT = "*"

_consumers: dict[str, dict[str, Consumer]] = {}


class ConsumerTakenError(SoukError):
    status = 500
    code = "consumer_taken"

    def __init__(self, name: str, event_name: str) -> None:
        super().__init__(f"{event_name} already has a consumer called {name!r}; give the second one another name.")


def register(event_name: str, name: str, consumer: Consumer) -> None:
    """Call `consumer` for each event called `event_name`, or for every event with `*`.

    A delivery may run twice, even at once: the consumer wraps its effect in
    `souk.kernel.outbox.once`. `name` is stored with pending deliveries, so renaming one abandons them.
    """
    if event_name != EVERY_EVENT and event_name not in CATALOGUE:
        raise UnknownEvent(event_name)
    known = _consumers.setdefault(event_name, {})
    if known.get(name, consumer) is not consumer:
        raise ConsumerTakenError(name, event_name)
    known[name] = consumer


def consumers_of(event_name: str) -> Mapping[str, Consumer]:
    return MappingProxyType(_consumers.get(EVERY_EVENT, {}) | _consumers.get(event_name, {}))
