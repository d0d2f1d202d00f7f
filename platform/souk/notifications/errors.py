"""What can go wrong with mail."""

from __future__ import annotations

from souk.kernel.errors import SoukError, Unavailable


class MailRefused(SoukError):
    """The receiver will never take this mail, so that sending it again is useless."""

    status = 502
    code = "mail_refused"

    def __init__(self, answer: str) -> None:
        super().__init__(f"The mail server refused this mail for good: {answer}. Check the recipient's address.")


class MailServerDown(Unavailable):
    code = "mail_server_down"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The mail server does not take mail now: {reason}. It is tried again; check SMTP_URL.")


class BadSmtpUrl(SoukError):
    status = 500
    code = "bad_smtp_url"

    def __init__(self) -> None:
        super().__init__(
            "SMTP_URL is not understood; write smtp://user:password@host:587 (STARTTLS where offered),"
            " or smtps://user:password@host:465."
        )
