"""The plugins that are asked about one subject, such as what a parcel costs with a carrier."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from plugins.dispatch import Dispatcher
from souk.kernel.asking import Question


@dataclass(frozen=True, slots=True)
class PluginPanel:
    """Implements `souk.kernel.asking.Panel` for the hook that is called like the subject."""

    dispatcher: Dispatcher
    subject: str

    def asks(self, session: Session) -> bool:
        return self.dispatcher.listens(self.subject) and bool(self.dispatcher.asked(session, self.subject))

    def question(
        self, session: Session, request: Any, read: Callable[[str, Any], Any], *, terms: Any = None, only: str = ""
    ) -> Question:
        calls = self.dispatcher.questions(session, self.subject, read, **{_ARGUMENTS[self.subject]: request})
        wanted = {plugin_id: call for plugin_id, call in calls.items() if only in {"", plugin_id}}
        # With other settings, or in another version, a plugin may answer the same question in another way.
        asked = [
            (plugin.id, plugin.version, context.settings)
            for plugin, context in self.dispatcher.asked(session, self.subject)
            if plugin.id in wanted
        ]
        return Question(self.subject, _key(self.subject, asked, asdict(request), terms), wanted)


_ARGUMENTS: Mapping[str, str] = {"rate_provider": "parcel", "tax_provider": "request"}


def _key(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:40]
