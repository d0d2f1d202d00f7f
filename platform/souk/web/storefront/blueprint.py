"""The blueprint itself, apart from its routes, so that each module of routes can import it."""

from __future__ import annotations

from flask import Blueprint

from souk.web.surfaces import PREVIEW, SHOP, only

blueprint = Blueprint("storefront", __name__)
blueprint.before_request(only(SHOP, PREVIEW))
