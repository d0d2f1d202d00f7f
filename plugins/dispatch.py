"""Call the hooks of the plugins that a shop uses; a plugin that fails is skipped and counted, never felt.

pluggy checks specs and orders implementations. Its own call loop ends at the first
exception and knows no shops, so the loop is ours.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

import pluggy
import structlog
from pluggy import HookImpl
from sqlalchemy.orm import Session

from plugins.api import PROJECT, HookContext, HookKind, Hooks, Plugin, kind_of
from plugins.enablement import is_enabled, settings_of
from souk.kernel.db import scope_of

log = structlog.get_logger(__name__)

_RESULT_TYPES: Mapping[HookKind, tuple[type, ...]] = {
    HookKind.VALIDATOR: (list, tuple),
    HookKind.SLOT: (str,),
}


@dataclass(slots=True)
class Usage:
    """What one plugin has spent in one hook since the process began."""

    calls: int = 0
    errors: int = 0
    seconds: float = 0.0


class BadResult(TypeError):
    """A hook returned something else than its kind promises."""


def _new_manager() -> pluggy.PluginManager:
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    return manager


@dataclass(slots=True)
class Dispatcher:
    """`usage` maps (plugin id, hook) to the time and errors counted there."""

    manager: pluggy.PluginManager = field(default_factory=_new_manager)
    usage: dict[tuple[str, str], Usage] = field(default_factory=dict)

    def register(self, plugin: Plugin) -> None:
        """Take a plugin in; raises pluggy.PluginValidationError for a hook that does not exist or fit."""
        self.manager.register(plugin, name=plugin.id)
        self.manager.check_pending()

    def notify(self, session: Session, hook: str, **arguments: Any) -> None:
        """Tell every plugin; their results do not matter."""
        for call in self.listeners(session, hook, **arguments):
            call()

    def listeners(self, session: Session, hook: str, **arguments: Any) -> list[Callable[[], Any]]:
        """Return one isolated call for each plugin, to be made after the transaction: a plugin may call out."""
        return [
            partial(self._call, implementation, hook, {"context": context, **arguments})
            for implementation, context in self._enabled(session, hook)
        ]

    def apply(self, session: Session, hook: str, value: Any, **arguments: Any) -> Any:
        """Send `value` through every plugin; one that fails or returns another type leaves it as it was."""
        for implementation, context in self._enabled(session, hook):
            result = self._call(implementation, hook, {"context": context, **arguments, "value": value}, type(value))
            value = value if result is None else result
        return value

    def collect(self, session: Session, hook: str, **arguments: Any) -> list[Any]:
        """Return what the plugins answer, without those that failed: lists of problems, or HTML of a slot."""
        expected = _RESULT_TYPES[kind_of(hook)]
        answers = (
            self._call(implementation, hook, {"context": context, **arguments}, *expected)
            for implementation, context in self._enabled(session, hook)
        )
        return [answer for answer in answers if answer]

    def objects(self, hook: str) -> Iterator[tuple[Plugin, Any]]:
        """Yield (plugin, object) for what the plugins provide, whatever shops use."""
        for implementation in self._implementations(hook):
            for provided in self._call(implementation, hook, {}) or ():
                yield cast("Plugin", implementation.plugin), provided

    def _enabled(self, session: Session, hook: str) -> Iterator[tuple[HookImpl, HookContext]]:
        for implementation in self._implementations(hook):
            plugin = cast("Plugin", implementation.plugin)
            if is_enabled(session, plugin):
                tenant_id = scope_of(session).tenant_id
                yield implementation, HookContext(tenant_id, plugin.id, settings_of(session, plugin.id))

    def _implementations(self, hook: str) -> list[HookImpl]:
        # pluggy keeps them in the order of registration with the one to call first at the end.
        caller: pluggy.HookCaller = getattr(self.manager.hook, hook)
        return list(reversed(caller.get_hookimpls()))

    def _call(self, implementation: HookImpl, hook: str, values: Mapping[str, Any], *expected: type) -> Any:
        usage = self.usage.setdefault((implementation.plugin_name, hook), Usage())
        started = time.perf_counter()
        usage.calls += 1
        try:
            result = implementation.function(*(values[name] for name in implementation.argnames))
            _check_result(hook, result, expected)
        except Exception:  # a shop's page must not break because a plugin does
            usage.errors += 1
            log.exception("plugin_failed", plugin=implementation.plugin_name, hook=hook)
            return None
        finally:
            usage.seconds += time.perf_counter() - started
        return result


def _check_result(hook: str, result: Any, expected: tuple[type, ...]) -> None:
    if expected and result is not None and not isinstance(result, expected):
        raise BadResult(f"{hook} must return {expected[0].__name__}, not {type(result).__name__}")
