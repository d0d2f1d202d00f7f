"""Who wants to hear of which event; packages fill this registry while the application is composed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import structlog
from sqlalchemy.orm import Session

from souk.kernel.errors import SoukError
from souk.kernel.events import CATALOGUE, Event, UnknownEvent
from souk.kernel.outbox import Job
from souk.kernel.tenancy import TenantScope

log = structlog.get_logger(__name__)

Consumer = Callable[[Job], None]
Condition = Callable[[Event], bool]
EVERY_EVENT = "*"


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of one shop, as a listener sees it."""

    scope: TenantScope
    event: Event


Listener = Callable[[Sequence[Happened]], None]
_listeners: dict[str, Listener] = {}
_consumers: dict[str, dict[str, Consumer]] = {}
_conditions: dict[tuple[str, str], Condition] = {}
_long: dict[tuple[str, str], Condition] = {}


class ConsumerTakenError(SoukError):
    status = 500
    code = "consumer_taken"

    def __init__(self, name: str, event_name: str) -> None:
        super().__init__(f"{event_name} already has a consumer called {name!r}; give the second one another name.")


def register(
    event_name: str, name: str, consumer: Consumer, wants: Condition | None = None, long: Condition | None = None
) -> None:
    """Call `consumer` for each event called `event_name`, or for every event with `*`.

    A delivery may run twice, even at once: the consumer wraps its effect in
    `souk.kernel.outbox.once`. Events for which `wants` says no become no delivery at all: a sale must not cost
    rows and jobs that end without doing anything. Events that are `long` are work of seconds to hours, which waits
    in a queue of its own. `name` is stored with pending deliveries, so renaming one
    abandons them.
    """
    if event_name != EVERY_EVENT and event_name not in CATALOGUE:
        raise UnknownEvent(event_name)
    known = _consumers.setdefault(event_name, {})
    if known.get(name, consumer) is not consumer:
        raise ConsumerTakenError(name, event_name)
    known[name] = consumer
    if wants is not None:
        _conditions[event_name, name] = wants
    if long is not None:
        _long[event_name, name] = long


def is_long(event: Event, consumer_name: str) -> bool:
    """Tell whether this delivery belongs to the long queue."""
    return _long.get((event.name, consumer_name), _never)(event)


def always(_event: Event) -> bool:
    return True


def _never(_event: Event) -> bool:
    return False


def consumers_of(event_name: str) -> Mapping[str, Consumer]:
    return MappingProxyType(_consumers.get(EVERY_EVENT, {}) | _consumers.get(event_name, {}))


def names_for(event: Event) -> list[str]:
    """Return the names of the consumers that want this very event."""
    found = consumers_of(event.name)
    return [name for name in found if _conditions.get((event.name, name), always)(event)]


Finder = Callable[[Session, Sequence[Any]], Mapping[int, list[str]]]
_finders: dict[str, tuple[Finder, Callable[[str], Consumer]]] = {}


def register_finder(prefix: str, finder: Finder, consumer_of: Callable[[str], Consumer]) -> None:
    """Let rows of the pod say who wants an event, as endpoints of apps do.

    `finder(session, events)` returns outbox id -> consumers whose names begin with `prefix`, in the relay's
    transaction: one statement for a batch. `consumer_of(name)` returns who handles such a delivery.
    """
    _finders[prefix] = (finder, consumer_of)


def found_for(session: Session, events: Sequence[Any]) -> Mapping[int, list[str]]:
    """Return outbox id -> the names that the finders give."""
    found: dict[int, list[str]] = {}
    for finder, _consumer_of in _finders.values():
        for event_id, names in finder(session, events).items():
            found.setdefault(event_id, []).extend(names)
    return found


def consumer_called(event_name: str, name: str) -> Consumer | None:
    """Return who handles a delivery; None for a name that nobody here has."""
    for prefix, (_finder, consumer_of) in _finders.items():
        if name.startswith(prefix):
            return consumer_of(name)
    return consumers_of(event_name).get(name)


def listen(name: str, listener: Listener) -> None:
    """Call `listener` in the relay itself with each batch of events, some milliseconds after their commit.

    For caches that must forget at once: it is called once at most, so that a death between the commit and
    the call loses it, and what it does must be quick and must heal by itself.
    """
    _listeners[name] = listener


def tell_listeners(happened: Sequence[Happened]) -> None:
    """Call every listener; one that fails is logged and the others are called all the same."""
    for name, listener in _listeners.items():
        try:
            listener(happened)
        except Exception:  # a cache that is down must not stop the deliveries
            log.exception("listener_failed", listener=name, events=len(happened))
