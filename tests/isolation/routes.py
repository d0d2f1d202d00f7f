"""What the matrix must know of a route that its address does not say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.isolation.worlds import World

# Arguments that name nothing which belongs to a shop: what a request has there, and why.
NOT_OBJECTS: Mapping[str, tuple[str, str]] = {
    "rest": ("nothing", "an address of the API that does not exist"),
    "address": ("nothing", "an address of the shop that does not exist"),
    "code": ("EUR", "a currency"),
    "filename": ("nothing", "a file of the platform's own code"),
    "name": ("nothing", "a file of the platform's own code or of a theme, named by its content"),
    "sha12": ("nothing", "a file of a theme, named by its content"),
    "width": ("360", "a size in pixels that pictures are drawn in"),
    "provider": ("test_gateway", "a payment provider that the operator installed for all shops"),
    "kind": ("products", "a part of the sitemap"),
    "number": ("1", "a part of the sitemap"),
    "tag": ("nothing", "a tag of posts"),
    "step": ("check", "what is done with an import"),
    "action": ("cancel", "what is done with a draft or a return"),
    "switch": ("hold", "whether an order is held or released"),
    "resource_type": ("product", "what kind of thing is translated"),
    "what": ("tags", "what is noted on an order"),
    "plugin_id": ("nothing", "a plugin that the operator installed for all shops"),
}
# Which of a shop's secrets a route's <token> is.
TOKENS: Mapping[str, str] = {
    "checkout.show": "checkout",
    "checkout.submit": "checkout",
    "checkout.quote": "checkout",
    "checkout.ask": "checkout",
    "checkout.answer": "checkout",
    "checkout.come_back": "checkout",
    "checkout.order_status": "order",
    "checkout.download": "download",
    "checkout.download_page": "download",
    "checkout.order_document": "order",
    "checkout.pay_balance": "order",
    "checkout.ask_return": "order",
    "checkout.send_return": "order",
    # Signed for a shop; any other text is refused like a foreign one.
    "checkout.recover_cart": "abandoned",
    "checkout.stop_page": "abandoned",
    "checkout.stop_mails": "abandoned",
    "accounts.reset": "password_reset",
    "accounts.confirm": "email_proof",
    # Signed for a shop; any other text is refused like a foreign one.
    "storefront.confirm_page": "checkout",
    "dashboard.reset": "staff_reset",
}
# The shop API and the admin API write `order_7` where a browser's address has 7.
PREFIXES: Mapping[str, str] = {
    "order_id": "order_",
    "product_id": "prod_",
    "variant_id": "variant_",
    "customer_id": "user_",
    "collection_id": "collection_",
    "location_id": "location_",
    "definition_id": "metafield_",
    "import_id": "import_",
    "file_id": "file_",
    "download_id": "download_",
    "return_id": "return_",
    "fulfillment_id": "fulfillment_",
    "draft_id": "draft_",
    "document_id": "document_",
    "export_id": "export_",
    "webhook_id": "webhook_",
    "theme_id": "theme_",
    "publication_id": "publication_",
    "search_rule_id": "rule_",
    "search_test_id": "test_",
    "delivery_id": "delivery_",
    "discount_id": "discount_",
    "gift_card_id": "giftcard_",
    "price_list_id": "pricelist_",
    "checkout_id": "checkout_",
    "method_id": "method_",
}
# Routes that anybody may call: with somebody else's session they answer as to a stranger.
PUBLIC = frozenset(
    [
        "api.admin_docs", "api.admin_openapi", "api.admin_reference", "api.admin_unknown", "api.shop_docs",
        "api.shop_log_in", "api.shop_openapi", "api.shop_read_product", "api.shop_read_reviews", "api.shop_reference",
        "api.shop_register_user", "api.shop_search_products", "api.shop_unknown", "accounts.confirm",
        "accounts.forgot", "accounts.register", "accounts.reset", "accounts.sign_in", "checkout.answer",
        "checkout.ask", "checkout.asset", "checkout.come_back", "checkout.gift_card_balance", "checkout.download",
        "checkout.download_page", "checkout.order_status", "checkout.order_document", "checkout.pay_balance",
        "checkout.ask_return", "checkout.send_return", "checkout.show", "checkout.start",
        "checkout.submit", "checkout.quote", "checkout.recover_cart", "checkout.stop_page", "checkout.stop_mails",
        "favicon", "healthz", "readyz", "shop_webhooks.to_shop", "storefront.enter_password",
        "storefront.password_page", "storefront.add", "storefront.anything_else", "storefront.asset",
        "storefront.cart_json", "storefront.cart_page", "storefront.change", "storefront.collection",
        "storefront.localization",
        "storefront.collections", "storefront.home", "storefront.page", "storefront.picture", "storefront.product",
        "storefront.note_click", "storefront.order", "storefront.quick_order_page",
        "storefront.article", "storefront.blog", "storefront.feed", "storefront.contact", "storefront.contact_page",
        "storefront.newsletter", "storefront.newsletter_page", "storefront.confirm", "storefront.confirm_page",
        "storefront.sitemap_part",
        "storefront.robots", "storefront.search_page", "storefront.sitemap", "storefront.suggest",
        "storefront.update",
    ]
)  # fmt: skip
_POSTAL_ADDRESS = {
    "name": "Ada", "line1": "1 Main", "city": "Springfield", "state": "IL", "postal_code": "62701", "country": "US",
}  # fmt: skip
# What each route that takes a body on a shop's host is sent; ids in it are those of `theirs`.
BODIES: Mapping[str, Callable[[World], Any]] = {
    "accounts.address": lambda _theirs: _POSTAL_ADDRESS,
    "api.admin_change_store_credit": lambda _theirs: {"amount": 1},
    "storefront.add": lambda theirs: {"id": theirs.objects["variant_id"], "quantity": 1},
    "storefront.change": lambda theirs: {"id": theirs.objects["variant_id"], "quantity": 2},
    "storefront.order": lambda theirs: {f"quantity[{theirs.objects['variant_id']}]": 1},
    "storefront.update": lambda theirs: {f"updates[{theirs.objects['variant_id']}]": 2},
    "checkout.gift_card_balance": lambda _theirs: {"code": "2345-6789-ABCD-EFGH"},
    "checkout.start": lambda _theirs: {},
    "checkout.quote": lambda _theirs: {"country": "US"},
    "checkout.stop_mails": lambda _theirs: {},
    "checkout.submit": lambda theirs: {"email": theirs.customer.email, "pay": "1", "payment_provider": "test_gateway"},
    "checkout.answer": lambda _theirs: {"outcome": "approve"},
    "checkout.download": lambda _theirs: {},
    "accounts.sign_in": lambda theirs: {"email": theirs.customer.email, "password": "correct horse battery"},
    "accounts.reset": lambda _theirs: {"password": "another long password"},
    "api.shop_log_in": lambda theirs: {"email": theirs.customer.email, "password": "correct horse battery"},
    "api.shop_place_order": lambda theirs: {
        "items": [{"variant_id": f"variant_{theirs.objects['variant_id']}", "quantity": 1}],
        "shipping_address": _POSTAL_ADDRESS,
        "payment_method": {"type": "test", "token": "tok_approved"},
    },
    "api.shop_write_review": lambda _theirs: {"rating": 5, "title": "Good", "body": "Very good."},
    "api.admin_adjust_inventory": lambda theirs: {"variant_id": f"variant_{theirs.objects['variant_id']}", "delta": 1},
    "api.admin_set_inventory": lambda theirs: {"variant_id": f"variant_{theirs.objects['variant_id']}", "on_hand": 1},
    "api.admin_create_collection": lambda theirs: {
        "title": "Mine", "product_ids": [f"prod_{theirs.objects['product_id']}"],
    },
    "api.admin_change_collection": lambda _theirs: {"title": "Mine now"},
    "api.admin_create_discount": lambda theirs: {
        "title": "Mine", "value": 10, "applies_to": {"product_ids": [f"prod_{theirs.objects['product_id']}"]},
    },
    "api.admin_change_discount": lambda _theirs: {"title": "Mine now"},
    "api.admin_change_price_list": lambda _theirs: {"name": "Mine now"},
    "api.admin_write_list_prices": lambda _theirs: {},
    "api.admin_change_gift_card": lambda _theirs: {"status": "disabled"},
    "api.admin_make_codes": lambda _theirs: {"count": 1},
    "api.admin_create_export_job": lambda theirs: {"collection_id": f"collection_{theirs.objects['collection_id']}"},
    "api.admin_take_import_step": lambda _theirs: {"step": "check"},
    "api.admin_take_order_import_step": lambda _theirs: {"step": "check"},
    "api.admin_cancel_any_order": lambda _theirs: {"reason": "other"},
    "api.admin_capture": lambda _theirs: {"amount": 1},
    "api.admin_void": lambda _theirs: {},
    "api.admin_edit_order": lambda theirs: {
        "add": [{"variant_id": f"variant_{theirs.objects['variant_id']}", "quantity": 1}],
    },
    "api.admin_create_draft_order": lambda theirs: {
        "line_items": [{"variant_id": f"variant_{theirs.objects['variant_id']}", "quantity": 1}],
    },
    "api.admin_change_draft_order": lambda _theirs: {"note": "mine now"},
    "api.admin_invoice_draft_order": lambda _theirs: {"hold_days": 1},
    "api.admin_cancel_draft_order": lambda _theirs: {},
    "api.admin_issue_order_document": lambda _theirs: {"kind": "invoice"},
    "api.admin_hold_any_order": lambda _theirs: {"reason": "other"},
    "api.admin_mark_any_order": lambda _theirs: {"tags": ["mine"]},
    "api.admin_create_return": lambda theirs: {
        "line_items": [{"line_item_id": f"line_{theirs.objects['line_id']}", "quantity": 1}],
    },
    "api.admin_take_return_step": lambda _theirs: {"step": "approve"},
    "api.admin_settle_any_return": lambda _theirs: {"amount": 1},
    "api.shop_ask_for_return": lambda theirs: {
        "line_items": [{"line_item_id": f"line_{theirs.objects['line_id']}", "quantity": 1}],
    },
    "api.shop_pay_balance": lambda _theirs: {"payment_method": {"type": "test", "token": "tok_approved"}},
    "checkout.pay_balance": lambda _theirs: {},
    "checkout.send_return": lambda _theirs: {"reason": "other"},
    "api.admin_fulfill": lambda _theirs: {},
    "api.admin_change_fulfillment": lambda _theirs: {"tracking_status": "failure"},
    "api.admin_note_payment": lambda _theirs: {},
    "api.admin_publish_shop_theme": lambda _theirs: {},
    "api.admin_restore_theme_publication": lambda _theirs: {},
    "api.admin_add_shop_theme": lambda theirs: {"copy_of": f"theme_{theirs.objects['theme_id']}"},
    "api.admin_exchange_theme_archive": lambda _theirs: {"archive": "bWluZQ=="},
    "api.admin_write_translations": lambda theirs: {
        "resource_type": "product", "resource_id": f"prod_{theirs.objects['product_id']}", "locale": "de",
        "translations": [{"field": "title", "value": "Mine"}],
    },
    "api.admin_write_theme_file": lambda _theirs: {"path": "snippets/mine.html", "text": "mine"},
    "api.admin_refund": lambda _theirs: {"amount": 1, "reason": "mine now"},
    "api.admin_create_product": lambda theirs: {
        "title": "Mine", "variants": [{"price": 1}],
        "collection_ids": [f"collection_{theirs.objects['collection_id']}"],
    },
    "api.admin_change_product": lambda _theirs: {"title": "Mine now"},
    "api.admin_create_search_rule": lambda theirs: {
        "terms": "mine", "pinned": [f"prod_{theirs.objects['product_id']}"],
    },
    "api.admin_change_search_rule": lambda _theirs: {"redirect": "/mine"},
    "api.admin_create_search_test": lambda theirs: {
        "terms": "mine", "product_id": f"prod_{theirs.objects['product_id']}",
    },
    "api.admin_change_webhook": lambda _theirs: {"status": "active"},
    "api.admin_change_variant": lambda _theirs: {"price": 1},
    "api.admin_add_product_file": lambda _theirs: {"filename": "mine.txt", "content": "bWluZQ=="},
    "api.admin_limit_product_downloads": lambda _theirs: {"times": 1},
    "api.admin_renew_order_download": lambda _theirs: {"reset": True},
    "api.admin_set_variant_components": lambda _theirs: {"components": []},
    "api.admin_write_collection_metafields": lambda _theirs: {"metafields": {"care.wash": "cold"}},
    "api.admin_write_product_metafields": lambda _theirs: {"metafields": {"care.wash": "cold"}},
    "api.admin_write_variant_metafields": lambda _theirs: {"metafields": {"care.wash": "cold"}},
    "api.shop_cancel": lambda _theirs: {"reason": "changed my mind"},
}  # fmt: skip
# Bodies without anything of a shop in them, or routes that take none.
BODILESS = frozenset(
    [
        "accounts.ask_for_proof", "accounts.confirm", "accounts.default_address",
        "accounts.drop_address", "accounts.drop_payment_method",
        "accounts.end", "accounts.forgot", "accounts.new_address", "accounts.password",
        "api.admin_create_webhook", "api.admin_issue_gift_card",
        "api.admin_remove_webhook", "api.admin_retry_webhook_delivery",
        "api.admin_rotate_webhook_secret",
        "api.admin_create_order_import_job",
        "api.admin_create_import_job", "api.admin_create_metafield_definition", "api.admin_remove_collection",
        "api.admin_change_search_settings", "api.admin_rebuild_search_index", "api.admin_remove_search_rule",
        "api.admin_remove_search_test", "api.admin_run_search_tests",
        "api.admin_drop_discount", "api.admin_drop_price_list", "api.admin_create_price_list",
        "api.admin_write_currency",
        "api.admin_remove_metafield_definition", "api.admin_remove_product", "api.admin_remove_shop_theme",
        "api.admin_remove_theme_file",
        "api.admin_remove_product_file", "api.admin_upload_media",
        "api.admin_offer_media_upload",
        "accounts.profile", "accounts.register", "accounts.sign_out", "api.admin_unknown", "api.shop_log_out",
        "api.shop_register_user", "api.shop_forget_payment_method",
        "api.shop_unknown", "shop_webhooks.to_shop", "storefront.enter_password",
        "storefront.note_click",
        "storefront.contact", "storefront.newsletter", "storefront.confirm", "storefront.localization",
    ]
)  # fmt: skip
# Forms of the dashboard that look at what was typed before they look for the object.
FORMS: Mapping[str, Mapping[str, str]] = {
    "dashboard.article": {"title": "Mine now"},
    "dashboard.content_page": {"title": "Mine now", "handle": "mine-now", "kind": "page"},
    "dashboard.product": {"title": "Mine now", "status": "active", "v-0-price": "1.00"},
    "dashboard.discount": {"title": "Mine now", "value_type": "percentage", "value": "5", "kind": "order"},
    "dashboard.price_list": {"name": "Mine now"},
    "dashboard.write_price_list_prices": {"sku": "MINE", "price": "1"},
    "dashboard.give_credit": {"amount": "5.00", "note": "sorry"},
    "dashboard.make_discount_codes": {"count": "1"},
    "dashboard.change_category": {"action": "delete"},
    "dashboard.change_location": {"action": "close"},
    "dashboard.moderate": {"action": "publish"},
    "dashboard.count_stock": {"quantity": "1"},
    "dashboard.renew_download": {"action": "reset"},
}
# Secrets that came by mail: the form is drawn for any secret, and sending it is refused in a sentence.
ANSWERS: Mapping[str, frozenset[int]] = {
    # What is named in a body and is not there is a value that cannot be taken.
    "api.admin_create_collection": frozenset({422}),
    "api.admin_create_discount": frozenset({422}),
    "api.admin_create_export_job": frozenset({422}),
    "api.admin_create_draft_order": frozenset({422}),
    "api.admin_create_product": frozenset({422}),
    "api.admin_create_search_rule": frozenset({422}),
    "api.admin_create_search_test": frozenset({422}),
    "api.shop_place_order": frozenset({422}),
    "accounts.reset": frozenset({200, 422}),
    # It is no error to forget what is forgotten already.
    "dashboard.forget_import_mapping": frozenset({303}),
    "accounts.confirm": frozenset({200, 422}),
    # A link of another shop is like one that has expired.
    "checkout.recover_cart": frozenset({410}),
    "checkout.stop_page": frozenset({410}),
    "checkout.stop_mails": frozenset({410}),
    "storefront.confirm_page": frozenset({422}),
    "storefront.confirm": frozenset({422}),
    "storefront.contact": frozenset({422}),
    "storefront.newsletter": frozenset({422}),
}
