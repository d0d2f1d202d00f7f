"""The dashboard's menu: one list, so that a page added anywhere stands in its group for the roles that may see it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from souk.staff.roles import Permission, allows


@dataclass(frozen=True, slots=True)
class Entry:
    """`also` names the endpoints whose pages lie below this one; `icon` is a path of a 20 x 20 drawing."""

    endpoint: str
    title: str
    icon: str
    also: tuple[str, ...] = ()
    permission: Permission | None = None

    def holds(self, endpoint: str) -> bool:
        return endpoint in {self.endpoint, *self.also}


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    entries: tuple[Entry, ...]


HOME = Group("", (
    Entry("home", "Home", "M3 9l7-6 7 6v8H3z"),
))  # fmt: skip
SELL = Group("Sales", (
    Entry("orders", "Orders", "M4 3h12v14l-3-2-3 2-3-2-3 2z", ("order", "order_edit")),
    Entry("draft_orders", "Drafts", "M5 2h7l4 4v12H5zM12 2v4h4M8 12l4-4 2 2-4 4H8z", ("draft_order",),
          Permission.ORDERS),
    Entry("abandoned_checkouts", "Abandoned", "M3 4h2l2 9h8l2-6H6M8 17h0M14 17h0M11 8l3 3M14 8l-3 3",
          ("abandoned_checkout",)),
    Entry("returns", "Returns", "M8 4L4 8l4 4M4 8h8a4 4 0 010 8H8"),
    Entry("customers", "Customers", "M10 10a3 3 0 100-6 3 3 0 000 6zM4 17c0-3 3-5 6-5s6 2 6 5", ("customer",)),
    Entry("discounts", "Discounts", "M3 3h7l7 7-7 7-7-7zM7 7h0M8 12l4-4", ("discount", "new_discount")),
    Entry("price_lists", "Prices", "M3 10l7-7h6v6l-7 7zM13 6h0M7 10l3 3",
          ("price_list", "new_price_list", "currencies")),
    Entry("gift_cards", "Gift cards", "M3 6h14v9H3zM3 9h14M10 6v9M10 6c-4 0-4-4-2-4s2 4 2 4 0-4 2-4 2 4-2 4",
          ("gift_card",)),
    Entry("mails", "Mail", "M3 5h14v10H3zM3 5l7 6 7-6", ("mail", "mail_texts")),
    Entry("books", "Books", "M4 4h5a2 2 0 011 2v11a2 2 0 00-1-1H4zM16 4h-5a2 2 0 00-1 2v11a2 2 0 011-1h5z",
          permission=Permission.ORDERS),
))  # fmt: skip
GOODS = Group("Goods", (
    Entry("products", "Products", "M3 6l7-3 7 3v8l-7 3-7-3zM3 6l7 3 7-3M10 9v8",
          ("product", "new_product", "variants", "variant", "bundle", "files", "bulk_edit")),
    Entry("collections", "Collections", "M3 3h6v6H3zM11 3h6v6h-6zM3 11h6v6H3zM11 11h6v6h-6z",
          ("collection", "new_collection")),
    Entry("categories", "Categories", "M4 3h5v4H4zM11 8h5v4h-5zM11 14h5v3h-5zM6 7v9h5M6 10h5"),
    Entry("stock", "Stock", "M3 17V7l7-4 7 4v10M6 17v-6h8v6M6 14h8",
          ("variant_stock", "locations", "location_pickup", "transfers", "transfer", "new_transfer", "counts",
           "count")),
    Entry("imports", "Import and export", "M6 3v11M3 11l3 3 3-3M14 17V6M11 9l3-3 3 3",
          ("import_job", "exports", "pictures", "order_imports", "order_import_job"), Permission.CATALOG),
    Entry("search_queries", "Search", "M9 15a6 6 0 100-12 6 6 0 000 12zM13 13l4 4",
          ("search_rules", "search_rule", "search_settings", "search_tests")),
    Entry("reviews", "Reviews", "M10 3l2 5h5l-4 3 2 6-5-4-5 4 2-6-4-3h5z"),
))  # fmt: skip
CONTENT = Group("Content", (
    Entry("content_pages", "Pages", "M5 2h7l4 4v12H5zM12 2v4h4M8 10h5M8 13h5", ("content_page", "new_content_page")),
    Entry("articles", "Blog", "M4 16l1-4 8-8 3 3-8 8zM11 6l3 3M4 16h12", ("article", "new_article")),
    Entry("media_library", "Pictures", "M3 4h14v12H3zM3 14l4-4 3 3 3-3 4 4M7 8h0", permission=Permission.CATALOG),
    Entry("menus", "Menus", "M3 5h14M6 10h11M9 15h8", ("menu", "new_menu")),
    Entry("translations", "Translations", "M3 4h8M7 2v2M5 4c0 4 3 6 5 7M9 4c0 4-3 6-5 7M10 17l4-8 4 8M11 15h5",
          ("translation",), Permission.CATALOG),
    Entry("metafields", "Metafields", "M3 4h14v5H3zM3 12h14v4H3zM7 4v5M7 12v4", permission=Permission.CATALOG),
    Entry("entry_types", "Custom entries", "M3 3h6v6H3zM11 3h6v6h-6zM3 11h6v6H3zM14 11v6M11 14h6",
          ("new_entry_type", "entry_type", "entries", "new_entry", "entry"), Permission.CATALOG),
    Entry("redirects", "Redirects", "M3 14c0-5 4-7 9-7h4M13 4l3 3-3 3"),
    Entry("themes", "Themes", "M10 3a7 7 0 100 14c2 0 1-2 2-3s5 0 5-4c0-4-3-7-7-7zM6 10h0M8 7h0M12 7h0",
          ("theme_details", "theme_history", "theme_publication", "theme_code", "theme_update"), Permission.THEMES),
))  # fmt: skip
MANAGE = Group("Shop", (
    Entry("settings", "Settings", "M10 13a3 3 0 100-6 3 3 0 000 6zM10 2v3M10 15v3M2 10h3M15 10h3",
          permission=Permission.SETTINGS),
    Entry("payments", "Payments", "M2 5h16v11H2zM2 8h16M5 13h4", ("payment_provider",), Permission.SETTINGS),
    Entry("admission", "Queue", "M3 17V9M7 17v-6M11 17v-6M15 17v-6M3 6a1 1 0 100-2 1 1 0 000 2M7 8h0M11 8h0M15 8h0",
          permission=Permission.SETTINGS),
    Entry("shipping", "Shipping", "M2 5h9v9H2zM11 8h4l3 3v3h-7zM5 17a2 2 0 100-4M14 17a2 2 0 100-4",
          ("shipping_zone", "new_shipping_zone"), Permission.SETTINGS),
    Entry("taxes", "Taxes", "M5 15L15 5M6 8a2 2 0 100-4 2 2 0 000 4M14 16a2 2 0 100-4 2 2 0 000 4",
          ("tax_rate", "new_tax_rate"), Permission.SETTINGS),
    Entry("document_settings", "Documents", "M5 2h7l4 4v12H5zM12 2v4h4M8 9h5M8 12h5M8 15h3",
          permission=Permission.SETTINGS),
    Entry("branding", "Branding", "M4 4h12v8H4zM8 12v5h4v-5", permission=Permission.SETTINGS),
    Entry("domains", "Domains", "M10 17a7 7 0 100-14 7 7 0 000 14zM3 10h14M10 3c3 4 3 10 0 14M10 3c-3 4-3 10 0 14",
          permission=Permission.SETTINGS),
    Entry("plugins", "Plugins", "M8 3v4H4v4h2a2 2 0 110 4H4v2h12v-6h-2a2 2 0 110-4h2V7h-4V3z", ("plugin",),
          Permission.SETTINGS),
    Entry("staff", "Staff", "M7 9a3 3 0 100-6 3 3 0 000 6zM2 17c0-3 2-5 5-5s5 2 5 5M13 9a2 2 0 100-5M14 12c3 0 4 2 4 5",
          permission=Permission.STAFF),
    Entry("api_tokens", "API tokens", "M12 12a4 4 0 10-4-4l-5 5v4h4v-2h2v-2z", permission=Permission.STAFF),
))  # fmt: skip
GROUPS = (HOME, SELL, GOODS, CONTENT, MANAGE)


def navigation_for(role: str) -> tuple[Group, ...]:
    """Return the groups with the entries that `role` may open."""
    return tuple(
        replace(group, entries=tuple(e for e in group.entries if e.permission is None or allows(role, e.permission)))
        for group in GROUPS
    )
