"""Messages of payment providers."""

from souk.web.webhooks.routes import platform_blueprint, shop_blueprint

__all__ = ["platform_blueprint", "shop_blueprint"]
