"""PostgreSQL refuses to run as root, so root starts it as an ordinary user of the machine."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cli.services.errors import NoSetprivError, NoUnprivilegedUserError, UnreachableFolderError

CANDIDATES = ("postgres", "nobody")
# Lets the server walk through folders like /root (0700) to its own files; it grants no right to write.
WALK_THROUGH = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who runs the server, and the words in front of its command line that make it so."""

    uid: int
    gid: int
    name: str
    prefix: tuple[str, ...] = ()
    walks_through: bool = False


def server_identity(stop_signal: signal.Signals) -> Identity:
    """Ourselves, unless we are root: then the first user of `CANDIDATES`, entered through setpriv."""
    if os.getuid() != 0:
        return Identity(os.getuid(), os.getgid(), "")
    user = _ordinary_user()
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise NoSetprivError
    # The kernel forgets a parent-death signal when the user changes, so setpriv arms it again, last.
    base = (
        setpriv,
        f"--reuid={user.pw_uid}",
        f"--regid={user.pw_gid}",
        "--clear-groups",
        f"--pdeathsig={stop_signal.name.removeprefix('SIG')}",
    )
    walks = _works((*base, *WALK_THROUGH))
    prefix = (*base, *WALK_THROUGH) if walks else base
    return Identity(user.pw_uid, user.pw_gid, user.pw_name, (*prefix, "--"), walks)


def check_reachable(identity: Identity, *targets: Path) -> None:
    """Raise with the cure when `identity` cannot get to a folder that it must work in."""
    if os.getuid() != 0 or identity.walks_through:
        return
    for target in targets:
        for folder in reversed(target.absolute().parents):
            if folder.exists() and not folder.stat().st_mode & 0o001 and folder.stat().st_uid != identity.uid:
                raise UnreachableFolderError(target, folder, identity.name)


def _ordinary_user() -> pwd.struct_passwd:
    for name in CANDIDATES:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoUnprivilegedUserError(", ".join(CANDIDATES))


def _works(prefix: tuple[str, ...]) -> bool:
    """Containers often drop the capability; asking once is cheaper than guessing why a start failed."""
    probe = subprocess.run((*prefix, "--", "/bin/true"), check=False, capture_output=True)
    return probe.returncode == 0
