"""Read the environment once; every need has an embedded default and a variable that swaps it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DEFAULT_PORT = 8000


@dataclass(frozen=True, slots=True)
class Config:
    """`base_domain` is the host of sign-up, without port; `public_port` is what a browser types."""

    home: Path
    base_domain: str
    port: int
    public_port: int
    public_scheme: str
    database_url: str
    database_admin_url: str
    redis_url: str
    secret_key: str
    meili_url: str
    meili_key: str
    s3_bucket: str
    s3_endpoint_url: str
    s3_public_endpoint_url: str
    smtp_url: str
    mail_from: str
    log_level: str
    safe_mode: bool

    @property
    def media_folder(self) -> Path:
        return self.home / "media"

    @property
    def search_folder(self) -> Path:
        return self.home / "search"

    @property
    def mail_folder(self) -> Path:
        return self.home / "mail"

    def origin(self, host: str) -> str:
        """Return the origin a browser uses for `host`: scheme, host and the port where it is not the default one."""
        default = {"http": 80, "https": 443}[self.public_scheme]
        suffix = "" if self.public_port == default else f":{self.public_port}"
        return f"{self.public_scheme}://{host}{suffix}"


def load(env: Mapping[str, str] = os.environ) -> Config:
    """Build the configuration from `env`; SOUK_HOME defaults to ./.souk."""
    home = Path(env.get("SOUK_HOME", ".souk")).absolute()
    port = int(env.get("SOUK_PORT", str(DEFAULT_PORT)))
    database_url = env.get("DATABASE_URL", "")
    return Config(
        home=home,
        base_domain=env.get("SOUK_BASE_DOMAIN", "localhost"),
        port=port,
        public_port=int(env.get("SOUK_PUBLIC_PORT", str(port))),
        public_scheme=env.get("SOUK_PUBLIC_SCHEME", "http"),
        database_url=database_url,
        database_admin_url=env.get("DATABASE_ADMIN_URL", database_url),
        redis_url=env.get("REDIS_URL", ""),
        secret_key=env.get("SOUK_SECRET_KEY") or secret_key_of(home),
        meili_url=env.get("MEILI_URL", ""),
        meili_key=env.get("MEILI_KEY", ""),
        s3_bucket=env.get("S3_BUCKET", ""),
        s3_endpoint_url=env.get("S3_ENDPOINT_URL", ""),
        s3_public_endpoint_url=env.get("S3_PUBLIC_ENDPOINT_URL", ""),
        smtp_url=env.get("SMTP_URL", ""),
        mail_from=env.get("SOUK_MAIL_FROM", "shop@localhost"),
        log_level=env.get("SOUK_LOG_LEVEL", "info"),
        safe_mode=env.get("SOUK_SAFE_MODE", "") == "1",
    )


def secret_key_of(home: Path) -> str:
    """Return the key kept under `home`, made at first use so that sessions outlive a restart."""
    path = home / "secret_key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        fresh = home / f"secret_key.{secrets.token_hex(4)}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32))
        # link() and not rename(): of two processes starting at once exactly one key wins.
        with suppress(FileExistsError):
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_text()


@lru_cache(maxsize=1)
def config() -> Config:
    """Return the configuration of this process."""
    return load()
