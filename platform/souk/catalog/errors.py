"""What can be wrong with a product, a collection or what is asked of them."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Invalid, NotFound


class ProductMissing(NotFound):
    code = "product_missing"

    def __init__(self) -> None:
        super().__init__("There is no such product in this shop; it may have been deleted.")


class CollectionMissing(NotFound):
    code = "collection_missing"

    def __init__(self) -> None:
        super().__init__("There is no such collection in this shop; it may have been deleted.")


class ProductInvalid(Invalid):
    """`field` names what to correct."""

    code = "product_invalid"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}", field=field)


class CollectionInvalid(Invalid):
    code = "collection_invalid"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}", field=field)


class ProductInOrders(Conflict):
    code = "product_in_orders"

    def __init__(self) -> None:
        super().__init__("Orders name this product, so it cannot be deleted; archive it, and shoppers see it no more.")
