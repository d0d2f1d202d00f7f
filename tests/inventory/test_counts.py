"""A count brings the shelf's numbers to what was found, whatever was sold while it was counted."""

from __future__ import annotations

import pytest

from souk.inventory.allocate import allocate
from souk.inventory.audit import audit
from souk.inventory.browse_counts import list_counts, read_count
from souk.inventory.cause import Cause
from souk.inventory.count_file import parse_count, parse_lines, units_by_variant, variants_by_code
from souk.inventory.counts import apply_count, cancel_count, drop_count_line, enter_count, open_count, scan
from souk.inventory.errors import BadCountFile, BadQuantity, CountEnded, StockInUse, UnknownCode, UnknownCount
from souk.inventory.locations import list_locations
from souk.inventory.move import ship
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.factories.commerce import open_for_business
from tests.inventory.stocking import hold, level, new_checkout, variant


@pytest.fixture(scope="module")
def main(shop: TenantScope) -> int:
    open_for_business(shop)
    with transaction(shop) as session:
        return list_locations(session)[0].id


def new_count(scope: TenantScope, place: int) -> int:
    with transaction(scope) as session:
        return open_count(session, place, actor="staff:1", name="Spring")


@pytest.mark.parametrize("hot", [False, True])
def test_what_is_sent_while_counting_is_not_subtracted_twice(shop: TenantScope, main: int, *, hot: bool) -> None:
    variant_id, buyer, count = variant(shop, 10, hot=hot), new_checkout(shop), new_count(shop, main)
    hold(shop, buyer, [(variant_id, 4)])
    with transaction(shop) as session:
        allocate(session, buyer, 1)
        enter_count(session, count, {variant_id: 9})
    with transaction(shop) as session:
        ship(session, level(shop, variant_id).id, 4, Cause(1))

    with transaction(shop) as session:
        differing = apply_count(session, count, actor="staff:1")

    after = level(shop, variant_id)
    assert (differing, after.on_hand, after.available) == (1, 5, 5)
    with transaction(shop) as session:
        assert audit(session) == []


def test_scanned_units_add_up_and_can_be_taken_back(shop: TenantScope, other_shop: TenantScope, main: int) -> None:
    variant_id, wrong, count = variant(shop, 3), variant(shop, 3), new_count(shop, main)
    with transaction(shop) as session:
        numbers = [scan(session, count, variant_id, units) for units in (1, 1, 5, -1)]
        scan(session, count, wrong)
        drop_count_line(session, count, wrong)
        with pytest.raises(BadQuantity):
            scan(session, count, variant_id, -7)

    with transaction(shop) as session:
        row, lines = read_count(session, count)
    assert numbers == [1, 2, 7, 6]
    assert (row.location, row.status, row.lines, row.differing) == ("Main", "open", 1, 1)
    assert [(line.counted, line.expected) for line in lines] == [(6, 3)]
    with transaction(other_shop) as session:
        assert list_counts(session) == []
        with pytest.raises(UnknownCount):
            read_count(session, count)


def test_a_canceled_count_changes_no_stock_and_takes_no_more(shop: TenantScope, main: int) -> None:
    variant_id, count = variant(shop, 3), new_count(shop, main)
    with transaction(shop) as session:
        enter_count(session, count, {variant_id: 0})
        cancel_count(session, count)

    with pytest.raises(CountEnded), transaction(shop) as session:
        scan(session, count, variant_id)
    with pytest.raises(CountEnded), transaction(shop) as session:
        apply_count(session, count, actor="staff:1")
    assert level(shop, variant_id).on_hand == 3


def test_a_count_below_what_buyers_hold_is_refused_whole(shop: TenantScope, main: int) -> None:
    held, other, count = variant(shop, 5), variant(shop, 5), new_count(shop, main)
    hold(shop, new_checkout(shop), [(held, 4)])
    with transaction(shop) as session:
        enter_count(session, count, {other: 2, held: 3})

    with pytest.raises(StockInUse), transaction(shop) as session:
        apply_count(session, count, actor="staff:1")

    assert (level(shop, held).on_hand, level(shop, other).on_hand) == (5, 5)


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("SKU,Counted\nA-1,3\nB-2,\nA-1,2\n", {"A-1": 5}),
        ("\ufeffBarcode;Title;Quantity\r\n'0400;Mug;7\r\n", {"0400": 7}),
        ('code\tcount\n"x ""y"""\t0\n', {'x "y"': 0}),
    ],
)
def test_a_file_is_read(text: str, counted: dict[str, int]) -> None:
    assert parse_count(text) == counted


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 0),
        ("Title,Price\nMug,3", 1),
        ("SKU,Counted\nA,3\nB,minus two", 3),
        ("SKU,Counted\nA,-1", 2),
        ("SKU,count\nA,1.5", 2),
    ],
)
def test_a_bad_file_names_its_line(text: str, line: int) -> None:
    with pytest.raises(BadCountFile) as caught:
        parse_count(text)

    assert caught.value.extra == {"line": line}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A-1, 3\n\nA-1 2", {"A-1": 5}),
        ("Oak Bowl L x 4\n0400;7\r\n", {"Oak Bowl L": 4, "0400": 7}),
        ('A-1\t1\n"B, 2",3', {"A-1": 1, "B, 2": 3}),
    ],
)
def test_lines_of_a_transfer_are_read_as_people_write_them(text: str, said: dict[str, int]) -> None:
    assert parse_lines(text) == said


@pytest.mark.parametrize(("text", "line"), [("A-1, 3\nB-2", 2), ("A-1, many", 1), ("A-1, 1.5", 1)])
def test_a_line_that_says_no_number_is_told_and_not_left_out(text: str, line: int) -> None:
    with pytest.raises(BadCountFile) as caught:
        parse_lines(text)

    assert caught.value.extra == {"line": line}


def test_what_sku_and_barcode_say_is_added_up(shop: TenantScope) -> None:
    pot = variant(shop, 1, sku="Pot-9", barcode="4006381333948")

    with transaction(shop, read_only=True) as session:
        assert units_by_variant(session, {"Pot-9": 2, "pot-9": 1, "4006381333948": 3}) == {pot: 6}


def test_codes_name_one_variant_or_are_told(shop: TenantScope, other_shop: TenantScope) -> None:
    first = variant(shop, 1, sku="Tea-1", barcode="4006381333931")
    variant(shop, 1, sku="Twin"), variant(shop, 1, sku="twin")

    with transaction(shop) as session:
        found = variants_by_code(session, ["TEA-1", "4006381333931"])
        with pytest.raises(UnknownCode) as caught:
            variants_by_code(session, ["tea-1", "Twin", "nothing"])

    assert found == {"TEA-1": first, "4006381333931": first}
    assert caught.value.codes == ["Twin", "nothing"]
    with transaction(other_shop) as session, pytest.raises(UnknownCode):
        variants_by_code(session, ["TEA-1"])
