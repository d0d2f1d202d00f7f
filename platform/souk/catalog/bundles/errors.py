"""What can be wrong with a bundle."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Invalid


class BundleInvalid(Invalid):
    code = "bundle_invalid"

    def __init__(self, reason: str) -> None:
        super().__init__(f"This bundle cannot be kept: {reason}", field="components")


class VariantInBundle(Conflict):
    """`bundle` is the title of the product that has the variant in it."""

    code = "variant_in_bundle"

    def __init__(self, variant: str, bundle: str) -> None:
        super().__init__(
            f"{variant} is a part of the bundle {bundle}; take it out of that bundle first.", bundle=bundle
        )
