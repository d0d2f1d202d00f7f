"""Whose Stripe account a shop's money goes to: its own keys, or an account connected to the platform's."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from plugins.api import Account, ProviderRefused, ProviderUnreachable, unseal
from plugins.builtin.stripe.environment import environment

OWN, CONNECT = "own", "connect"
# The setting that says whether Stripe lets the connected account take payments, as we heard last.
MAY_CHARGE = "charges_enabled"


@dataclass(frozen=True, slots=True)
class Keys:
    """`account` is the connected account on whose behalf the platform's key acts, empty with the merchant's own key."""

    secret: str = field(repr=False)
    publishable: str
    account: str = ""
    fee_basis_points: int = 0

    @property
    def live(self) -> bool:
        return "_live_" in self.secret

    def fee_on(self, amount: int) -> int:
        """Return the platform's share in Stripe's minor units."""
        share = Decimal(amount) * self.fee_basis_points / 10_000
        return int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def mode_of(account: Account) -> str:
    """Return `own`, `connect`, or nothing for a shop that is not connected."""
    settings = account.settings
    if settings.get("secret_key"):
        return OWN
    return CONNECT if settings.get("connected_account") else ""


def may_charge(account: Account) -> bool:
    """Accounts that were connected before anybody asked Stripe are taken to be ready."""
    return bool(account.settings.get(MAY_CHARGE, True))


def keys_for_new(account: Account) -> Keys:
    """Return the keys with which a shop takes payments; raises ProviderRefused when it has none."""
    settings, mode, platform = account.settings, mode_of(account), environment()
    if mode == OWN:
        return Keys(unseal(str(settings["secret_key"])), str(settings.get("publishable_key", "")))
    if mode == CONNECT and platform.secret_key:
        connected = str(settings["connected_account"])
        return Keys(platform.secret_key, platform.publishable_key, connected, platform.fee_basis_points)
    raise ProviderRefused("not_connected", "This shop is not connected to Stripe.")


def keys_of(account: Account) -> Keys:
    """Return the keys that reach a payment which exists; without them nobody knows how it stands."""
    try:
        return keys_for_new(account)
    except ProviderRefused:
        raise ProviderUnreachable("Stripe, which this shop is no longer connected to,") from None
