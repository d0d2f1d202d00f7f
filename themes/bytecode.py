"""Compiled templates on disk, shared by all workers, so that no request compiles what another has compiled.

Bytecode is code, and whoever can write it runs in our process. So each file is signed with a key that only the
platform knows and is checked before it is read, and the folder must be ours alone.
"""

from __future__ import annotations

import hmac
import marshal
import os
import sys
import tempfile
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import CodeType

import jinja2
import structlog

log = structlog.get_logger(__name__)
MAX_BYTES = 512 * 1024 * 1024
_PRUNE_EVERY = 256
_SIGNATURE = 32
_OTHERS_MAY_WRITE = 0o022


@lru_cache(maxsize=1)
def engine_build(names: Iterable[str] = ()) -> str:
    """Return a hash of all that shapes compiled code: Jinja, Python, and our own grammar, tags and generator."""
    build = sha256(f"{jinja2.__version__} {sys.implementation.cache_tag} {sys.version} {sorted(names)}".encode())
    here = Path(__file__).parent
    for path in sorted([*(here / "sandbox").glob("*.py"), *(here / "tags").glob("*.py"), here / "engine.py"]):
        build.update(path.read_bytes())
    return build.hexdigest()


class FolderNotOurs(Exception):
    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} belongs to another user or others may write to it; run `chmod 700 {folder}`.")


class BytecodeStore:
    """Files named by what they were compiled from. Losing the folder costs time and nothing else."""

    def __init__(self, folder: Path, secret: str) -> None:
        self._folder = folder
        self._key = hmac.new(secret.encode(), b"theme bytecode", sha256).digest()
        self._saves = 0
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._check_folder()

    def _check_folder(self) -> None:
        found = self._folder.lstat()
        if found.st_uid != os.getuid() or found.st_mode & _OTHERS_MAY_WRITE or self._folder.is_symlink():
            raise FolderNotOurs(self._folder)

    def _sign(self, name: str, body: bytes) -> bytes:
        # The name too: a file that was renamed must not run as another template.
        return hmac.new(self._key, name.encode() + body, sha256).digest()

    def load(self, name: str) -> CodeType | None:
        """Return the code kept under `name`, or None; a file that we did not write is thrown away."""
        path = self._folder / name
        try:
            content = path.read_bytes()
        except OSError:
            return None
        signature, body = content[:_SIGNATURE], content[_SIGNATURE:]
        if not hmac.compare_digest(signature, self._sign(name, body)):
            log.warning("bytecode_refused", file=str(path))
            path.unlink(missing_ok=True)
            return None
        code = marshal.loads(body)  # noqa: S302 - signed by us, see above
        return code if isinstance(code, CodeType) else None

    def save(self, name: str, code: CodeType) -> None:
        """Keep `code`; a reader sees the whole file or none. A full disk costs time only."""
        body = marshal.dumps(code)
        try:
            with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".new-", delete=False) as file:
                file.write(self._sign(name, body) + body)
            Path(file.name).replace(self._folder / name)
        except OSError as error:
            log.warning("bytecode_not_kept", error=str(error))
            return
        self._saves += 1
        if self._saves % _PRUNE_EVERY == 0:
            self.prune()

    def prune(self, max_bytes: int = MAX_BYTES) -> None:
        """Remove the oldest files until the rest fits."""
        files = [(path, path.stat()) for path in self._folder.iterdir() if path.is_file()]
        size = sum(found.st_size for _, found in files)
        for path, found in sorted(files, key=lambda pair: pair[1].st_mtime):
            if size <= max_bytes:
                break
            path.unlink(missing_ok=True)
            size -= found.st_size
