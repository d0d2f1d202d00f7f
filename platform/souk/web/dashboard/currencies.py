"""The currencies in which the shop sells, what they are worth and how prices are rounded in them."""

from __future__ import annotations

import re

from flask import request

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.money import Money, exponent
from souk.pricing.errors import CurrencyInvalid
from souk.pricing.rules import Rules, read_rules
from souk.pricing.save_currency import CurrencyDraft, save_currency, stop_currency
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page
from souk.web.dashboard.typed_values import cleaned

_ROUNDING = re.compile(r"([0-9]{1,7})-([0-9]{1,6})")


@blueprint.route("/shops/<slug>/currencies", methods=["GET", "POST"])
@in_shop(Permission.SETTINGS)
def currencies(access: ShopAccess) -> Answer:
    if request.method == "GET":
        return _page(access)
    try:
        with transaction(access.scope) as session:
            if request.form.get("stop"):
                stop_currency(session, cleaned(request.form["stop"], 10))
            else:
                save_currency(session, _draft())
    except SoukError as error:
        return _page(access, error), error.status
    return done("The currencies are saved.", "currencies", access)


def _draft() -> CurrencyDraft:
    step, less = _rounding()
    return CurrencyDraft(
        code=cleaned(request.form.get("code", ""), 10).upper(),
        rate=cleaned(request.form.get("rate", ""), 30),
        step=step,
        less=less,
        countries=[code for code in re.split(r"[,;\s]+", request.form.get("countries", "").upper()[:2_000]) if code],
    )


def _rounding() -> tuple[int, int]:
    found = _ROUNDING.fullmatch(request.form.get("rounding", "1-0"))
    if found is None:
        raise CurrencyInvalid("step", "Choose one of the ways of rounding.")
    return int(found[1]), int(found[2])


def roundings(currency: str) -> list[tuple[str, str]]:
    """Return (value, words) of the ways of rounding that make sense in a currency."""
    unit = 10 ** exponent(currency)
    steps = [(1, 0), (5, 0), (10, 0), (unit // 2, 0), (unit, 0), (10 * unit, 0), (100 * unit, 0)]
    endings = [(unit, unit // 100), (unit, unit // 20), (10 * unit, unit // 100)]
    sensible = dict.fromkeys((step, less) for step, less in steps + endings if step > 0 and 0 <= less < step)
    return [(f"{step}-{less}", _words(step, less, currency)) for step, less in sensible]


def _words(step: int, less: int, currency: str) -> str:
    whole = f"{Money(step, currency).major:f}"
    if step == 1:
        return "to the smallest unit"
    return f"to {whole} less {Money(less, currency).major:f}" if less else f"to {whole}"


def _example(rules: Rules, code: str) -> Money:
    """Return what 19.99 of the shop's currency, or 20 of one without decimals, is in another one."""
    whole = Money.from_major(20, rules.base).amount
    return Money(rules.price(whole - (1 if exponent(rules.base) else 0), code), code)


def _page(access: ShopAccess, error: SoukError | None = None) -> str:
    with transaction(access.scope, read_only=True) as session:
        rules = read_rules(session)
    rows = [(code, rate, _example(rules, code), roundings(code)) for code, rate in rules.rates.items()]
    return page("currencies.html", rules=rules, rows=rows, roundings=roundings("EUR"), error=error)
