"""Check and normalise email addresses the same way for customers, staff and checkouts."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from souk.kernel.errors import Invalid

MAX_LENGTH = 254


class BadEmail(Invalid):
    code = "invalid_email"

    def __init__(self) -> None:
        super().__init__("This is not an email address; it looks like name@example.com.", field="email")


def normalize_email(text: str) -> str:
    """Return the address lower-case with its domain in IDNA form; raises BadEmail. Asks no name server."""
    if len(text) > MAX_LENGTH:
        raise BadEmail
    try:
        # Reserved names such as .test and .localhost pass: demos and private installations use them.
        found = validate_email(
            text.strip(), check_deliverability=False, test_environment=True, globally_deliverable=False
        )
    except EmailNotValidError:
        raise BadEmail from None
    return found.normalized.lower()
