"""Call the hooks of the plugins that a shop uses; a plugin that fails is skipped and counted, never felt.

pluggy checks specs and orders implementations. Its own call loop ends at the first
exception and knows no shops, so the loop is ours.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

import pluggy
import structlog
from pluggy import HookImpl
from prometheus_client import Counter
from sqlalchemy.orm import Session

from plugins.api import PROJECT, CheckoutField, HookContext, HookKind, Hooks, Plugin, Requirement, ShippingRate, kind_of
from plugins.breaker import FAULTS_IN_A_ROW, PAUSE_SECONDS, Breaker
from plugins.enablement import is_enabled, settings_of
from plugins.limits import SECONDS, TooSlow, within
from plugins.pauses import note_failure, note_pause
from souk.kernel.asking import AnswerRefused
from souk.kernel.db import scope_of
from souk.kernel.tenancy import tenant_scope

MOST_CONTEXT = 16_384
CALLS = Counter("souk_plugin_calls_total", "Calls of plugins' hooks.", ["plugin", "hook", "outcome"])

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


_ITEM_TYPES: Mapping[str, type] = {
    "shipping_rates": ShippingRate,
    "checkout_requirements": Requirement,
    "checkout_fields": CheckoutField,
}


class BadResult(TypeError):
    """A hook returned something else than its kind promises."""


def _new_manager() -> pluggy.PluginManager:
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    return manager


@dataclass(slots=True)
class Dispatcher:
    """`usage` maps (plugin id, hook) to the time and errors counted there; `breakers` has one for each shop too."""

    manager: pluggy.PluginManager = field(default_factory=_new_manager)
    usage: dict[tuple[str, str], Usage] = field(default_factory=dict)
    breakers: dict[tuple[int, str, str], Breaker] = field(default_factory=dict)

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
            partial(self._call, implementation, hook, context, arguments)
            for implementation, context in self._enabled(session, hook)
        ]

    def questions(
        self, session: Session, hook: str, read: Callable[[str, Any], Any], **arguments: Any
    ) -> dict[str, Callable[[], Any]]:
        """Return plugin id -> an isolated call for after the transaction, which answers plain values or None.

        `read` makes them of the plugin's name and its answer; an answer that it refuses counts as a failure.
        """
        return {
            context.plugin_id: partial(
                self._call, implementation, hook, context, arguments, read=partial(read, _name(implementation))
            )
            for implementation, context in self._enabled(session, hook)
        }

    def asked(self, session: Session, hook: str) -> list[tuple[Plugin, HookContext]]:
        """Return the plugins that the shop uses for this hook."""
        return [(cast("Plugin", one.plugin), context) for one, context in self._enabled(session, hook)]

    def apply(self, session: Session, hook: str, value: Any, **arguments: Any) -> Any:
        """Send `value` through every plugin; one that fails or returns another type leaves it as it was."""
        for implementation, context in self._enabled(session, hook):
            result = self._call(implementation, hook, context, {**arguments, "value": value}, type(value))
            value = value if result is None else result
        return value

    def collect(self, session: Session, hook: str, **arguments: Any) -> list[Any]:
        """Return what the plugins answer, without those that failed: lists of problems, or HTML of a slot."""
        expected = _RESULT_TYPES[kind_of(hook)]
        answers = (
            self._call(implementation, hook, context, arguments, *expected)
            for implementation, context in self._enabled(session, hook)
        )
        return [answer for answer in answers if answer]

    def spaces(self, session: Session, hook: str, **arguments: Any) -> dict[str, dict[str, Any]]:
        """Return plugin id -> the plain values that the plugin adds to a page; one that fails has none."""
        found = {
            context.plugin_id: self._call(implementation, hook, context, {**arguments, "value": {}}, dict)
            for implementation, context in self._enabled(session, hook)
        }
        # Through JSON, so that a theme meets plain data and never an object of the plugin.
        return {plugin_id: json.loads(json.dumps(values)) for plugin_id, values in found.items() if values}

    def listens(self, hook: str) -> bool:
        """Tell whether any installed plugin has the hook; a page without one need not ask the database."""
        return bool(self._implementations(hook))

    def having(self, hook: str) -> list[Plugin]:
        """Return the installed plugins that have the hook, whatever shops use."""
        return [cast("Plugin", one.plugin) for one in self._implementations(hook)]

    def objects(self, hook: str) -> Iterator[tuple[Plugin, Any]]:
        """Yield (plugin, object) for what the plugins provide, whatever shops use."""
        for implementation in self._implementations(hook):
            plugin = cast("Plugin", implementation.plugin)
            try:
                provided: list[Any] = list(cast("Any", implementation.function()) or ())
            except Exception:  # a process without one provider is better than none
                log.exception("plugin_failed", plugin=plugin.id, hook=hook)
                continue
            for one in provided:
                yield plugin, one

    def _enabled(self, session: Session, hook: str) -> Iterator[tuple[HookImpl, HookContext]]:
        for implementation in self._implementations(hook):
            plugin = cast("Plugin", implementation.plugin)
            if is_enabled(session, plugin):
                scope = scope_of(session)
                yield (
                    implementation,
                    HookContext(scope.tenant_id, plugin.id, settings_of(session, plugin.id), scope.pod),
                )

    def _implementations(self, hook: str) -> list[HookImpl]:
        # pluggy keeps them in the order of registration with the one to call first at the end.
        caller: pluggy.HookCaller = getattr(self.manager.hook, hook)
        return list(reversed(caller.get_hookimpls()))

    def _call(
        self,
        implementation: HookImpl,
        hook: str,
        context: HookContext,
        values: Mapping[str, Any],
        *expected: type,
        read: Callable[[Any], Any] | None = None,
    ) -> Any:
        breaker = self.breakers.setdefault((context.tenant_id, context.plugin_id, hook), Breaker())
        if breaker.is_open:
            CALLS.labels(context.plugin_id, hook, "skipped").inc()
            return None
        usage = self.usage.setdefault((context.plugin_id, hook), Usage())
        arguments = [{**values, "context": context}[name] for name in implementation.argnames]
        started = time.perf_counter()
        usage.calls += 1
        try:
            result = within(SECONDS[kind_of(hook)], partial(implementation.function, *arguments))
            _check_result(hook, result, expected)
            result = result if read is None else read(result)
        except Exception as error:  # a shop's page must not break because a plugin does
            usage.errors += 1
            CALLS.labels(context.plugin_id, hook, "slow" if isinstance(error, TooSlow) else "failed").inc()
            log.exception("plugin_failed", plugin=context.plugin_id, hook=hook, tenant_id=context.tenant_id)
            if kind_of(hook) is HookKind.QUESTION:
                note_failure(tenant_scope(context.tenant_id, context.pod), context.plugin_id, hook, _why(error))
            if breaker.fail():
                _pause(context, hook, slow=isinstance(error, TooSlow))
            return None
        finally:
            usage.seconds += time.perf_counter() - started
        breaker.succeed()
        CALLS.labels(context.plugin_id, hook, "done").inc()
        return result


def _name(implementation: HookImpl) -> str:
    return str(cast("Plugin", implementation.plugin).name)


def _why(error: Exception) -> str:
    """Tell a merchant what went wrong, without the plugin's own text, which may hold anything."""
    if isinstance(error, TooSlow):
        return f"It gave no answer within {SECONDS[HookKind.QUESTION]:g} seconds."
    if isinstance(error, AnswerRefused):
        return f"Its answer was refused: {error}"
    return f"It failed ({type(error).__name__})."


def _pause(context: HookContext, hook: str, *, slow: bool) -> None:
    what = f"was slower than {SECONDS[kind_of(hook)]} s" if slow else "failed"
    reason = f"It {what} {FAULTS_IN_A_ROW} times in a row and rests for {PAUSE_SECONDS / 60:.0f} minutes at a time."
    log.error("plugin_paused", plugin=context.plugin_id, hook=hook, tenant_id=context.tenant_id, reason=reason)
    note_pause(tenant_scope(context.tenant_id, context.pod), context.plugin_id, hook, reason)


def _check_result(hook: str, result: Any, expected: tuple[type, ...]) -> None:
    if expected and result is not None and not isinstance(result, expected):
        raise BadResult(f"{hook} must return {expected[0].__name__}, not {type(result).__name__}")
    items = _ITEM_TYPES.get(hook)
    if items is not None and result is not None and not all(isinstance(one, items) for one in result):
        raise BadResult(f"{hook} must return a list of {items.__name__}")
    if hook == "storefront_context" and len(json.dumps(result)) > MOST_CONTEXT:
        raise BadResult(f"{hook} must return at most {MOST_CONTEXT} characters of JSON")
