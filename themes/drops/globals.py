"""The plain global objects: shop, request, routes, localization, template."""

from __future__ import annotations

from souk.addresses.countries import countries, country_name
from themes import rows
from themes.drops.base import Drop, row_value
from themes.drops.scope import Scope
from themes.sandbox.access import exposes


class _RowDrop(Drop):
    __slots__ = ("_row",)

    def __init__(self, row: object) -> None:
        self._row = row


@exposes("name", "description", "url", "currency", "locale", "country", "email")
class ShopDrop(_RowDrop):
    """The shop."""

    __slots__ = ()
    name = row_value("name", "The shop's name.")
    description = row_value("description", "One paragraph about the shop.")
    url = row_value("url", "Address of the primary domain.")
    currency = row_value("currency", "ISO 4217 code of the shop's currency.")
    locale = row_value("locale", "Language tag of the shop.")
    country = row_value("country", "ISO 3166-1 alpha-2 code of the shop's country.")
    email = row_value("email", "Address for customers' mail.")


@exposes("host", "path", "locale", "page_type", "design_mode")
class RequestDrop(Drop):
    """The request that is answered."""

    __slots__ = ("_scope",)

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    @property
    def host(self) -> str:
        """Host of the shop."""
        return str(self._scope.vary("host"))

    @property
    def path(self) -> str:
        """Path of the page."""
        return str(self._scope.vary("path"))

    @property
    def locale(self) -> str:
        """Language of the page."""
        return self._scope.locale

    @property
    def page_type(self) -> str:
        """Kind of page: index, product, collection ..."""
        return str(self._scope.vary("page_type"))

    @property
    def design_mode(self) -> bool:
        """True inside the theme editor."""
        return bool(self._scope.vary("design_mode"))


ROUTE_NAMES = tuple(rows.RoutesRow.__dataclass_fields__)


@exposes()
class RoutesDrop(_RowDrop):
    """Addresses of the shop's pages."""

    __slots__ = ()


for _name in ROUTE_NAMES:
    setattr(RoutesDrop, _name, row_value(_name, f"Address: {_name.removesuffix('_url').replace('_', ' ')}."))
exposes(*ROUTE_NAMES)(RoutesDrop)


@exposes("locale", "name", "url", "current")
class LanguageDrop(_RowDrop):
    """A language in which the shop can be read."""

    __slots__ = ()
    locale = row_value("locale", "Language tag.")
    name = row_value("name", "Its name in its own words.")
    current = row_value("current", "True when the page is in it.")

    @property
    def url(self) -> str:
        """Address of this page in it."""
        row: rows.LanguageRow = self._row  # type: ignore[assignment]
        # The shop's own language has no prefix to tell it: without this the cart would stay in the former one.
        return row.url if row.current or not row.own else f"{row.url}?language={row.locale}"


@exposes("code", "name", "symbol", "current")
class CurrencyDrop(_RowDrop):
    """A currency in which the shop sells."""

    __slots__ = ()
    code = row_value("code", "ISO 4217 code; the value of the form field `currency`.")
    name = row_value("name", "Its name in the language of the page.")
    symbol = row_value("symbol", "Its sign in the language of the page.")
    current = row_value("current", "True when the page's prices are in it.")


@exposes("code", "name", "current")
class CountryDrop(Drop):
    """A country that the shop sends to."""

    __slots__ = ("code", "current", "name")

    def __init__(self, code: str, name: str, *, current: bool) -> None:
        self.code = code
        self.name = name
        self.current = current


@exposes("locale", "currency", "country", "country_name", "direction", "available_languages", "available_currencies",
         "available_countries")  # fmt: skip
class LocalizationDrop(_RowDrop):
    """Language, currency and country of this visit."""

    __slots__ = ("_scope",)

    def __init__(self, row: rows.LocalizationRow, scope: Scope) -> None:
        super().__init__(row)
        self._scope = scope

    locale = row_value("locale", "Language tag.")
    currency = row_value("currency", "ISO 4217 code.")
    country = row_value("country", "ISO 3166-1 alpha-2 code.")
    direction = row_value("direction", "Writing direction, ltr or rtl.")

    @property
    def available_languages(self) -> list[LanguageDrop]:
        """The languages of the shop, its own first."""
        self._scope.vary("path")
        return [LanguageDrop(row) for row in self._row.languages]  # type: ignore[attr-defined]

    @property
    def country_name(self) -> str:
        """Name of the country in the language of the page."""
        return country_name(self._row.locale, self._row.country)  # type: ignore[attr-defined]

    @property
    def available_countries(self) -> list[CountryDrop]:
        """The countries that the shop sends to, by name; the one of this visit first."""
        row: rows.LocalizationRow = self._row  # type: ignore[assignment]
        everywhere = "*" in row.countries
        return [
            CountryDrop(code, name, current=code == row.country)
            for code, name in countries(row.locale, row.country)
            if everywhere or code in row.countries or code == row.country
        ]

    @property
    def available_currencies(self) -> list[CurrencyDrop]:
        """The currencies that a visitor may choose, the shop's own first."""
        return [CurrencyDrop(row) for row in self._row.currencies]  # type: ignore[attr-defined]


@exposes("name", "suffix")
class TemplateDrop(Drop):
    """The template that is rendered; `product.preorder` has the name product and the suffix preorder."""

    __slots__ = ("name", "suffix")

    def __init__(self, template: str) -> None:
        self.name, _, suffix = template.partition(".")
        self.suffix = suffix or None


@exposes("title", "handle", "url", "content")
class PageDrop(_RowDrop):
    """A page that the merchant wrote."""

    __slots__ = ("_prefix",)

    def __init__(self, row: object, prefix: str = "") -> None:
        super().__init__(row)
        self._prefix = prefix

    title = row_value("title", "Title of the page.")
    handle = row_value("handle", "Name in the address.")

    @property
    def url(self) -> str:
        """Address of the page."""
        return f"{self._prefix}/pages/{self._row.handle}"  # type: ignore[attr-defined]

    @property
    def content(self) -> object:
        """Sanitised HTML of the page."""
        from markupsafe import Markup  # noqa: PLC0415

        return Markup(self._row.content)  # type: ignore[attr-defined]
