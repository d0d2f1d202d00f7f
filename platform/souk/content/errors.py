"""What can be wrong with pages and menus."""

from __future__ import annotations

from souk.kernel.errors import Invalid, NotFound


class PageMissing(NotFound):
    code = "page_missing"

    def __init__(self) -> None:
        super().__init__("There is no such page in this shop; it may have been deleted.")


class ContentInvalid(Invalid):
    code = "content_invalid"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}", field=field)


class ArticleMissing(NotFound):
    code = "article_missing"

    def __init__(self) -> None:
        super().__init__("There is no such post in this shop; it may have been deleted.")


class MenuMissing(NotFound):
    code = "menu_missing"

    def __init__(self) -> None:
        super().__init__("There is no such menu in this shop; it may have been deleted.")


class RedirectMissing(NotFound):
    code = "redirect_missing"

    def __init__(self) -> None:
        super().__init__("There is no such redirect in this shop; it may have been deleted.")
