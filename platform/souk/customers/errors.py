"""What can go wrong with a customer's account."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unauthorized


class EmailTaken(Conflict):
    code = "email_taken"

    def __init__(self) -> None:
        super().__init__(
            "This email address is known here already; sign in, or set a new password by mail.", field="email"
        )


class BadName(Invalid):
    code = "invalid_name"

    def __init__(self, longest: int) -> None:
        super().__init__(f"A name has 1 to {longest} characters, none of them a control character.", field="name")


class WrongCredentials(Unauthorized):
    code = "wrong_credentials"

    def __init__(self) -> None:
        super().__init__("Email address and password do not belong together; check both, or reset the password.")


class AccountDisabled(Forbidden):
    code = "account_disabled"

    def __init__(self) -> None:
        super().__init__("This account is disabled; write to the shop to have it opened again.")


class InvalidToken(Unauthorized):
    code = "invalid_token"

    def __init__(self) -> None:
        super().__init__("This token is unknown here, has expired or was revoked; sign in again.")


class ResetLinkInvalid(Invalid):
    code = "reset_link_invalid"

    def __init__(self) -> None:
        super().__init__("This link was used already or is older than one hour; ask for a new one.")


class ProofLinkInvalid(Invalid):
    code = "proof_link_invalid"

    def __init__(self) -> None:
        super().__init__(
            "This link was used already, is older than seven days or belongs to another account; ask for a new one."
        )


class UnknownCustomer(NotFound):
    code = "unknown_customer"

    def __init__(self) -> None:
        super().__init__("This shop has no such customer; look the customer up by email address.")


class UnknownSession(NotFound):
    code = "unknown_session"

    def __init__(self) -> None:
        super().__init__("This account has no such open session; reload the list of sessions.")


class UnknownAddress(NotFound):
    code = "unknown_address"

    def __init__(self) -> None:
        super().__init__("This account has no such address; reload the list of addresses.")


class TooManyAddresses(Conflict):
    code = "too_many_addresses"

    def __init__(self, most: int) -> None:
        super().__init__(f"An account keeps at most {most} addresses; remove one first.")
