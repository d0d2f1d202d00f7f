"""What a shop has set about payments: the settings group `payments` ({capture: automatic | manual})."""

from __future__ import annotations

from sqlalchemy.orm import Session

from souk.kernel.settings import read_setting, write_setting
from souk.payments.errors import UnknownCapture
from souk.payments.values import Capture

GROUP = "payments"


def capture_mode(session: Session) -> Capture:
    """Return whether a payment is taken at once or authorized first and captured by staff."""
    return "manual" if read_setting(session, GROUP).get("capture") == "manual" else "automatic"


def set_capture_mode(session: Session, mode: str) -> None:
    """Set it for payments from now on; raises UnknownCapture."""
    if mode not in {"automatic", "manual"}:
        raise UnknownCapture
    write_setting(session, GROUP, read_setting(session, GROUP) | {"capture": mode})
