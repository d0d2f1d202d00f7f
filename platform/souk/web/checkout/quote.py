"""What a wallet's sheet is told about shipping and total while the buyer chooses in it."""

from __future__ import annotations

from flask import g, jsonify, request
from werkzeug.wrappers import Response

from souk.addresses.fields import FIELDS
from souk.checkout.quote import Quote, quote_checkout
from souk.kernel.answers import answered
from souk.kernel.db import transaction
from souk.kernel.errors import NotFound, SoukError
from souk.web.api.guard import refuse_unsafe
from souk.web.checkout.branding import read_branding
from souk.web.checkout.form import MAX_FIELD
from souk.web.checkout.show import in_language
from souk.web.texts import explain, translator


def quote(token: str) -> Response:
    return answered(g.shop.scope, lambda: _quote(token))


def _quote(token: str) -> Response:
    form = request.form
    with transaction(g.shop.scope, read_only=True, configured=True) as session:
        brand = read_branding(session)
        try:
            refuse_unsafe(dict(form))
            address = {field: form.get(field, "").strip()[:MAX_FIELD] for field in FIELDS}
            found = quote_checkout(session, token, address, form.get("shipping_code", "")[:MAX_FIELD])
            response = jsonify(Quote(in_language(session, found.view, brand)).to_json())
        except NotFound:
            raise
        except SoukError as error:
            response = jsonify({"error": explain(error, translator(brand.locale))})
            response.status_code = error.status
    response.headers["Cache-Control"] = "private, no-store"
    return response
