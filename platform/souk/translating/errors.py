"""What can be wrong with translations."""

from __future__ import annotations

from souk.kernel.errors import Invalid, NotFound


class UnknownResource(NotFound):
    code = "unknown_translatable"

    def __init__(self) -> None:
        super().__init__("There is nothing of this kind and number to translate; it may have been deleted.")


class UnknownText(Invalid):
    code = "unknown_text"

    def __init__(self, field: str) -> None:
        super().__init__(f"{field[:80]}: there is no such text, or it is empty; see the list of texts.", field=field)


class TranslationTooLong(Invalid):
    code = "translation_too_long"

    def __init__(self, field: str, most: int) -> None:
        super().__init__(f"{field[:80]}: a translation has at most {most} characters; shorten it.", field=field)


class UnknownLanguage(Invalid):
    code = "unknown_language"

    def __init__(self, locale: str) -> None:
        super().__init__(
            f"{locale[:20]!r} is no other language of this shop; choose the shop's languages in its settings.",
            field="locale",
        )


class BadTranslationFile(Invalid):
    code = "bad_translation_file"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The file cannot be read: {reason}.", field="file")
