"""Command line values that are checked before anything is opened."""

from __future__ import annotations

import zoneinfo

import click


class CurrencyCode(click.ParamType[str]):
    name = "currency"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        import pycountry

        if pycountry.currencies.get(alpha_3=value.upper()) is None:
            self.fail(f"{value!r} is no ISO 4217 currency; write it like USD or EUR.", param, ctx)
        return value.upper()


class CountryCode(click.ParamType[str]):
    name = "country"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        import pycountry

        if pycountry.countries.get(alpha_2=value.upper()) is None:
            self.fail(f"{value!r} is no ISO 3166-1 country; write it like US or DE.", param, ctx)
        return value.upper()


class TimeZone(click.ParamType[str]):
    name = "time zone"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in zoneinfo.available_timezones():
            self.fail(f"{value!r} is no time zone; write it like Europe/Berlin.", param, ctx)
        return value
