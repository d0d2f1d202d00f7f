"""The platform's own error page, for when no theme can be asked."""

from __future__ import annotations

from markupsafe import Markup

_PAGE = Markup("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<style>
body{{margin:0;min-height:100vh;display:grid;place-items:center;font:17px/1.6 system-ui,sans-serif;
background:#f7f5f2;color:#22201d}}
main{{max-width:32rem;padding:2rem;text-align:center}}
b{{display:block;font-size:4rem;line-height:1;color:#b4532a}}
h1{{font-size:1.5rem;margin:1rem 0 .5rem}}a{{color:inherit}}
</style></head><body><main><b>{status}</b><h1>{title}</h1><p>{detail}</p><p><a href="/">Go to the start page</a></p>
</main></body></html>
""")


def plain_error_page(status: int, title: str, detail: str) -> str:
    return str(_PAGE.format(status=status, title=title, detail=detail))
