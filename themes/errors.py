"""What can go wrong with a theme, one class per case."""

from __future__ import annotations

from souk.kernel.errors import Invalid, NotFound, SoukError
from themes.builtin_files import builtin_handles


class ThemeError(SoukError):
    code = "theme_error"
    title = "The theme cannot be used"


class ThemeMissing(NotFound):
    code = "theme_missing"

    def __init__(self, handle: str) -> None:
        known = " or ".join(builtin_handles())
        super().__init__(f"There is no built-in theme {handle!r}; choose {known}.")


class TemplateMissing(NotFound):
    code = "template_missing"

    def __init__(self, name: str) -> None:
        super().__init__(f"The theme has no templates/{name}.json; add the file.")


class ThemeFileMissing(ThemeError):
    code = "theme_file_missing"

    def __init__(self, path: str) -> None:
        super().__init__(f"The theme names {path}, which does not exist; add the file or correct the name.")


class ThemeFileInvalid(Invalid):
    code = "theme_file_invalid"

    def __init__(self, path: str, reason: str, line: int = 1) -> None:
        super().__init__(f"{path}:{line}: {reason}", path=path, line=line)
        self.path = path
        self.line = line
        self.reason = reason


class NestingRefused(ThemeError):
    code = "theme_nesting"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}; move the tag to the layout or flatten the blocks.")


class QueryBudgetExceeded(ThemeError):
    code = "theme_query_budget"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The page needs more than {limit} loads; read fewer different objects on one page.")


class UnknownTheme(NotFound):
    code = "unknown_theme"

    def __init__(self, theme_id: int) -> None:
        super().__init__(f"The shop has no theme {theme_id}; `souk theme list` shows them all.")
