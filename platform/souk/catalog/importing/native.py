"""Read a product that stands whole in one JSON object, as our own export writes it: no mapping, nothing lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from souk.catalog.bundles.compose import MOST_COMPONENTS, MOST_UNITS
from souk.catalog.digital.limits import MOST_DAYS, MOST_TIMES
from souk.catalog.importing.errors import RowInvalid
from souk.catalog.importing.grouping import Group
from souk.catalog.importing.lines import UNSTORABLE
from souk.catalog.importing.metafields import text_of
from souk.catalog.importing.patch import MAX_GRAMS, MAX_STOCK, Options, Patch, VariantPatch
from souk.kernel.money import Money, UnreadableAmount

_AMOUNTS = ("price", "compare_at_price", "cost")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Specification(_Strict):
    name: str = Field(min_length=1, max_length=255)
    value: str


class Picture(_Strict):
    url: str = Field(pattern=r"^(https?://|media:)\S+$", max_length=2000)
    alt: str = ""


class PartRecord(_Strict):
    sku: str = Field(min_length=1, max_length=600)
    quantity: int = Field(default=1, ge=1, le=MOST_UNITS)


class VariantRecord(_Strict):
    """Amounts are major units as text, such as "12.50"."""

    options: list[str] = Field(default_factory=list, max_length=3)
    sku: str = ""
    barcode: str = ""
    price: str | None = None
    compare_at_price: str | None = None
    cost: str | None = None
    weight_grams: int = Field(default=0, ge=0, le=MAX_GRAMS)
    unit_measure: str = Field(default="", max_length=60)
    requires_shipping: bool = True
    taxable: bool = True
    tax_class: str = Field(default="standard", max_length=255)
    shipping_profile: str = Field(default="", max_length=80)
    inventory_tracked: bool = True
    inventory_policy: str = Field(default="deny", pattern="^(deny|continue)$")
    backorder_limit: int | None = Field(default=None, ge=0, le=MAX_STOCK)
    on_hand: int | None = Field(default=None, ge=-MAX_STOCK, le=MAX_STOCK)
    picture: str = Field(default="", max_length=2000)
    metafields: dict[str, Any] = Field(default_factory=dict)
    components: list[PartRecord] = Field(default_factory=list, max_length=MOST_COMPONENTS)
    files: list[str] = Field(default_factory=list)


class ProductRecord(_Strict):
    handle: str = ""
    title: str = ""
    description_html: str = ""
    vendor: str = ""
    product_type: str = ""
    category: list[str] = Field(default_factory=list, max_length=8)
    tags: list[str] = Field(default_factory=list)
    status: str = Field(default="active", pattern="^(draft|active|archived)$")
    options: list[str] = Field(default_factory=list, max_length=3)
    specifications: list[Specification] = Field(default_factory=list)
    seo_title: str = ""
    seo_description: str = ""
    template_suffix: str = Field(default="", max_length=255)
    metafields: dict[str, Any] = Field(default_factory=dict)
    download_times: int | None = Field(default=None, ge=1, le=MOST_TIMES)
    download_days: int | None = Field(default=None, ge=1, le=MOST_DAYS)
    variants: list[VariantRecord] = Field(min_length=1)
    pictures: list[Picture] = Field(default_factory=list)


def is_native(group: Group) -> bool:
    """Tell whether the group is one whole object of ours."""
    document = group.rows[0].document
    return len(group.rows) == 1 and document is not None and isinstance(document.get("variants"), list)


def native_patch(group: Group, currency: str) -> Patch:
    """Read the object; fields that it leaves out stay as they are. Raises RowInvalid."""
    if group.problems:
        raise group.problems[0]
    # An error file of ours says beside the product what was wrong with it.
    document = {name: value for name, value in (group.rows[0].document or {}).items() if name != "import_error"}
    if UNSTORABLE.search(repr(document).replace("\\x00", "\x00")):
        raise RowInvalid(group.line, "", "a text has a NUL byte; take it out.")
    try:
        record = ProductRecord.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(each) for each in first["loc"])
        raise RowInvalid(group.line, place, f"{first['msg'].lower()}; correct the value.") from error
    said = record.model_dump(
        include=record.model_fields_set - {"handle", "variants", "pictures", "options", "metafields"}
    )
    values = {name: tuple(value) if name in {"category", "tags"} else value for name, value in said.items()}
    if "specifications" in values:
        values["specifications"] = tuple((each.name, each.value) for each in record.specifications)
    patch = Patch(group.number, group.line, group.last_line, group.handle, values)
    patch.options = tuple(record.options)
    patch.metafields = _texts(record.metafields, "metafields")
    patch.variants = [
        _variant(each, len(record.options), group.line, number, currency) for number, each in enumerate(record.variants)
    ]
    patch.pictures = [(picture.url, picture.alt) for picture in record.pictures]
    return patch


def _variant(record: VariantRecord, names: int, line: int, number: int, currency: str) -> VariantPatch:
    place = f"variants.{number}"
    if len(record.options) != names:
        raise RowInvalid(line, f"{place}.options", "give one value for each of the product's options.")
    values = record.model_dump(include=record.model_fields_set - {"options", "metafields", "components"})
    if "components" in record.model_fields_set:
        values["components"] = tuple((part.sku, part.quantity) for part in record.components)
    if "files" in values:
        values["files"] = tuple(values["files"])
    for name in _AMOUNTS:
        if values.get(name) is not None:
            values[name] = _amount(values[name], line, f"{place}.{name}", currency)
    padded = (*record.options, "", "", "")
    options: Options = (padded[0], padded[1], padded[2])
    return VariantPatch(line, options, values, _texts(record.metafields, f"{place}.metafields"))


def _texts(values: Mapping[str, Any], place: str) -> dict[str, tuple[str, str]]:
    """Return metafields as texts, so that one way checks them, whatever file they come from."""
    return {key: (f"{place}.{key}", text_of(value)) for key, value in values.items()}


def _amount(text: str, line: int, place: str, currency: str) -> int:
    try:
        amount = Money.from_major(text, currency).amount
    except UnreadableAmount as error:
        raise RowInvalid(line, place, error.detail) from error
    if amount < 0:
        raise RowInvalid(line, place, "the amount is negative; write 0 or more.")
    return amount
