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


class VariantOwed(Conflict):
    code = "variant_owed"

    def __init__(self, title: str) -> None:
        super().__init__(
            f"Units of the variant {title!r} are sold or held for a payment; send or cancel those orders first."
        )


class CategoryMissing(NotFound):
    code = "category_missing"

    def __init__(self) -> None:
        super().__init__("There is no such category in this shop; it may have been deleted.")


class CategoryInvalid(Invalid):
    code = "category_invalid"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}", field=field)


class TooManyProducts(Invalid):
    code = "too_many_products"

    def __init__(self, most: int) -> None:
        super().__init__(f"Change at most {most:,} products at once; narrow the list by a filter.")


class ProductChanged(Conflict):
    """`version` is the present one."""

    code = "product_changed"

    def __init__(self, version: int) -> None:
        super().__init__(
            "The product has changed since it was read; read it again and repeat the change.", version=version
        )


class VariantMissing(NotFound):
    code = "variant_missing"

    def __init__(self) -> None:
        super().__init__("There is no such variant in this shop; it may have been deleted.")
