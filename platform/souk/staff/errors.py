"""What can go wrong with a staff account."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unauthorized


class StaffEmailTaken(Conflict):
    code = "staff_email_taken"

    def __init__(self, email: str) -> None:
        super().__init__(f"{email} has a staff account already; add a membership to it instead.", field="email")


class UnknownStaff(NotFound):
    code = "unknown_staff"

    def __init__(self, email: str) -> None:
        super().__init__(f"No staff account has the address {email}; make one with `souk staff create`.")


class WrongStaffCredentials(Unauthorized):
    code = "wrong_credentials"

    def __init__(self) -> None:
        super().__init__("Email address and password do not belong together; check both, or reset the password.")


class StaffDisabled(Forbidden):
    code = "account_disabled"

    def __init__(self) -> None:
        super().__init__("This account is disabled; ask an owner of the shop to open it again.")


class StaffResetLinkInvalid(Invalid):
    code = "reset_link_invalid"

    def __init__(self) -> None:
        super().__init__("This link was used already or is older than one hour; ask for a new one.")


class UnknownStaffSession(NotFound):
    code = "unknown_session"

    def __init__(self) -> None:
        super().__init__("This account has no such open session; reload the list of sessions.")


class UnknownRole(Invalid):
    code = "unknown_role"

    def __init__(self, role: str, known: tuple[str, ...]) -> None:
        super().__init__(f"{role!r} is no role; choose one of {', '.join(known)}.", field="role")


class UnknownMembership(NotFound):
    """Also for a shop that exists: whoever does not work there is not told so."""

    code = "unknown_membership"

    def __init__(self) -> None:
        super().__init__("You do not work in a shop with this address; choose one from the list of shops.")


class LastOwnerStays(Conflict):
    code = "last_owner_stays"

    def __init__(self) -> None:
        super().__init__("A shop keeps at least one owner; make somebody else an owner first.")


class NotPermitted(Forbidden):
    code = "not_permitted"

    def __init__(self, role: str, doing: str) -> None:
        super().__init__(f"The role {role!r} may not {doing}; ask an owner of the shop for another role.", role=role)
