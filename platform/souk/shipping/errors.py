"""What can be wrong with shipping."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Invalid, NotFound


class UnknownShippingRate(Invalid):
    code = "unknown_shipping_rate"

    def __init__(self, rate_code: str) -> None:
        super().__init__(
            f"No shipping rate called {rate_code[:60]!r} is offered for this address; choose one of the offered rates."
        )


class ZoneMissing(NotFound):
    code = "shipping_zone_missing"

    def __init__(self) -> None:
        super().__init__("There is no such shipping zone in this shop; it may have been deleted.")


class ZoneInvalid(Invalid):
    """A value of a zone or of one of its rates; `cure` is the whole sentence."""

    code = "shipping_zone_invalid"

    def __init__(self, field: str, cure: str) -> None:
        super().__init__(cure, field=field)


class CountryTaken(Invalid):
    code = "shipping_country_taken"

    def __init__(self, where: str, zone: str) -> None:
        super().__init__(
            f"The zone {zone!r} delivers to {where} already; take it out there first or leave it out here.",
            field="countries",
        )


class ProfileMissing(NotFound):
    code = "shipping_profile_missing"

    def __init__(self, name: str) -> None:
        super().__init__(f"No zone and no variant of this shop names a shipping profile {name[:80]!r}.")


class ProfileTaken(Conflict):
    code = "shipping_profile_taken"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is a shipping profile {name[:80]!r} already; choose another name."
            if name
            else "A shipping profile needs a name; goods without one are sent by the ordinary zones."
        )


class CarrierPolicyInvalid(Invalid):
    """A setting for the rates of others; `cure` is the whole sentence."""

    code = "carrier_settings_invalid"

    def __init__(self, field: str, cure: str) -> None:
        super().__init__(cure, field=field)
