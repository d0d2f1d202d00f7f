"""Hand a mail over: to a folder that people can read, or to an SMTP server."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from souk.kernel.config import Config
from souk.kernel.db import refuse_inside_transaction
from souk.notifications.errors import BadSmtpUrl, MailRefused, MailServerDown

TIMEOUT_SECONDS = 20
_PERMANENT = 500


class MailTransport(Protocol):
    def send(self, message: EmailMessage, key: str) -> None:
        """Deliver `message`. `key` names it: a transport that can tell takes the same key once.

        Raises:
            MailRefused: never try again.
            MailServerDown: try again later.

        """


class FolderTransport:
    """Write each mail as an .eml file; the same key writes the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage, key: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:24]}.eml"
        partial = path.with_suffix(".part")
        partial.write_bytes(message.as_bytes())
        # Renaming is atomic, so that a reader of the folder never sees half a mail.
        partial.replace(path)


class SmtpTransport:
    """Send through the server of an smtp:// or smtps:// address, with STARTTLS where the server offers it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise BadSmtpUrl
        self._secure = parts.scheme == "smtps"
        self._host = parts.hostname
        self._port = parts.port or (465 if self._secure else 587)
        self._login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None

    def send(self, message: EmailMessage, key: str) -> None:  # noqa: ARG002 - Message-ID carries it already
        refuse_inside_transaction("The mail server")
        try:
            with self._connect() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            _raise(code, answer, error)
        except smtplib.SMTPResponseException as error:
            _raise(error.smtp_code, error.smtp_error, error)
        except (smtplib.SMTPException, OSError) as error:
            raise MailServerDown(type(error).__name__) from error

    def _connect(self) -> smtplib.SMTP:
        if self._secure:
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
        if self._login:
            server.login(*self._login)
        return server


def _raise(code: int, answer: bytes | str, error: Exception) -> None:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    if code >= _PERMANENT:
        raise MailRefused(text[:200]) from error
    raise MailServerDown(text[:200]) from error


def mail_transport(config: Config) -> MailTransport:
    """Return the SMTP server of SMTP_URL where it is set, else the folder `mail` under SOUK_HOME."""
    return SmtpTransport(config.smtp_url) if config.smtp_url else FolderTransport(config.mail_folder)
