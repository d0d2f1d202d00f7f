"""The shop as shoppers see it: pages drawn by the theme."""

from souk.web.storefront.routes import blueprint

__all__ = ["blueprint"]
