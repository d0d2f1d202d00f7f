"""A shop reached by its address through the admin API: what theme developers use, from any machine."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

import click
import httpx

from cli.theme.target import Push

_SECONDS = 120.0
_API = "/api/v1/admin"


class RemoteShop:
    """`token` is one of the shop's API tokens with the scope write_themes, or read_themes to look only."""

    def __init__(self, address: str, token: str, transport: httpx.BaseTransport | None = None) -> None:
        if not token:
            raise click.ClickException(
                "Give the shop's API token in SOUK_TOKEN or with --token; its merchant makes one under API tokens."
            )
        base, host = _reached(address.rstrip("/") + _API)
        headers = {"Authorization": f"Bearer {token}", **host}
        self._client = httpx.Client(base_url=base, headers=headers, timeout=_SECONDS, transport=transport)

    def themes(self) -> list[dict[str, Any]]:
        return [
            {
                "id": int(each["id"].removeprefix("theme_")),
                "name": each["name"],
                "role": each["role"],
                "version": each["base_version"],
                "files": each["base_handle"],
                "published_at": each["published_at"] and datetime.fromisoformat(each["published_at"]),
            }
            for each in self._ask("GET", "/themes").json()["themes"]
        ]

    def push(self, sent: Push) -> int:
        from themes.archive import pack

        archive = base64.b64encode(pack(sent.files)).decode()
        if sent.theme_id is None:
            answer = self._ask("POST", "/themes", {"archive": archive})
        else:
            answer = self._ask("PUT", f"/themes/theme_{sent.theme_id}/archive", _exchange(sent, archive))
        theme_id = int(answer.json()["theme"]["id"].removeprefix("theme_"))
        if sent.live:
            self.publish(theme_id)
        return theme_id

    def pull(self, theme_id: int | None) -> dict[str, bytes]:
        from themes.archive import unpack

        theme_id = self.live() if theme_id is None else theme_id
        if theme_id is None:
            raise click.ClickException("The shop has no live theme yet; name one with --theme.")
        return unpack(self._ask("GET", f"/themes/theme_{theme_id}/archive").content)

    def live(self) -> int | None:
        return next((each["id"] for each in self.themes() if each["role"] == "main"), None)

    def version(self, theme_id: int) -> int:
        return int(self._ask("GET", f"/themes/theme_{theme_id}").json()["version"])

    def publish(self, theme_id: int) -> None:
        self._ask("POST", f"/themes/theme_{theme_id}/publish", {})

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        try:
            answer = self._client.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise click.ClickException(f"{self._client.base_url.host} does not answer ({error}).") from error
        if not answer.is_success:
            raise click.ClickException(_sentence(answer))
        return answer


def _reached(address: str) -> tuple[str, dict[str, str]]:
    """Return where to connect and as what: names below localhost are this machine (RFC 6761), whatever its resolver
    knows of them.
    """
    url = httpx.URL(address)
    if not url.host.endswith(".localhost"):
        return address, {}
    return str(url.copy_with(host="127.0.0.1")), {"Host": url.netloc.decode()}


def _exchange(sent: Push, archive: str) -> dict[str, Any]:
    known = {} if sent.seen is None else {"version": sent.seen}
    return {"archive": archive, "force": sent.force, **known}


def _sentence(answer: httpx.Response) -> str:
    """Return what the shop says is wrong, with every finding of its validator."""
    if "json" not in answer.headers.get("Content-Type", ""):
        return f"The shop answered {answer.status_code} and no JSON; is this the address of a shop?"
    problem = answer.json()
    return "\n".join([problem.get("detail", str(answer.status_code)), *problem.get("findings", ())])
