"""Where the embedded services find their programs and put their sockets."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from importlib.util import find_spec
from pathlib import Path

from cli.services.errors import BinaryMissingError, UnsafeFolderError

# sun_path holds 108 bytes with its final NUL; the longest name we put in the folder is ".s.PGSQL.5432.lock".
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")


def wheel_binary(wheel: str, package: str, *path: str) -> Path:
    """A program inside an installed package, found without importing that package."""
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        binary = Path(folder, *path)
        if binary.is_file():
            return binary
    raise BinaryMissingError(wheel, "/".join(path))


def socket_folder(folder: Path) -> Path:
    """`folder` itself when a Unix socket fits into it, else a short name in /tmp made from its path."""
    folder = folder.absolute()
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(_temporary_root(), f"souk-{os.getuid()}-{digest}")


def claim_folder(folder: Path, uid: int, gid: int) -> None:
    """Make `folder` private (0700) to the user `uid`; refuses one that a third user planted before us."""
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in {uid, os.getuid()}:
        raise UnsafeFolderError(folder)
    if (facts.st_uid, facts.st_gid) != (uid, gid) and os.getuid() == 0:
        os.chown(folder, uid, gid)
    folder.chmod(0o700)


def _temporary_root() -> str:
    root = tempfile.gettempdir()
    # macOS hands out a per-user TMPDIR that is itself half a socket path long.
    return root if len(root) <= len("/var/tmp/souk") else "/tmp"  # noqa: S108  claim_folder checks the owner
