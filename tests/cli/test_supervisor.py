"""The supervisor starts everything, says where it is, and leaves no process behind however it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.up.errors import HomeTakenError, PortTakenError
from cli.up.place import place_from, sole_owner

DRIVER = Path(__file__).with_name("up_with_stand_ins.py")
PROJECT = DRIVER.parents[2]


# Whatever another test of this process has set, a copy brings its own stores.
EMBEDDED = {"DATABASE_URL": "", "DATABASE_ADMIN_URL": "", "REDIS_URL": "", "SOUK_BASE_DOMAIN": "localhost"}


def wait_for(condition: Callable[[], bool], what: str) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail(f"waited 30 s for {what}")


def processes_of(home: Path) -> list[int]:
    """Every living process whose environment or arguments name `home`, the supervisor included."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes() + b"\0" + (entry / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(home) in words and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return found


class Copy:
    def __init__(self, home: Path) -> None:
        self.home = home
        self.ready = home.parent / f"{home.name}.json"
        self.popen = subprocess.Popen(
            [sys.executable, str(DRIVER), str(self.ready)],
            cwd=PROJECT,
            env=os.environ | EMBEDDED | {"SOUK_HOME": str(home), "SOUK_PORT": "0"},
            stdout=subprocess.DEVNULL,
        )

    def facts(self) -> dict[str, Any]:
        wait_for(self.ready.exists, "the ready file")
        facts: dict[str, Any] = json.loads(self.ready.read_text())
        return facts


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A short one: below a long folder redis moves its socket, and its title no longer names the home."""
    with tempfile.TemporaryDirectory(prefix="up-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], Copy]]:
    copies: list[Copy] = []

    def begin(name: str) -> Copy:
        copies.append(Copy(tmp_path / name))
        return copies[-1]

    yield begin
    for copy in copies:
        if copy.popen.poll() is None:
            copy.popen.terminate()
        copy.popen.wait(30)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_is_left_however_it_ends(start: Callable[[str], Copy], number: signal.Signals) -> None:
    copy = start("home")
    copy.facts()
    assert len(processes_of(copy.home)) > 4

    copy.popen.send_signal(number)
    code = copy.popen.wait(30)

    wait_for(lambda: processes_of(copy.home) == [], "the last process to end")
    assert code == (-signal.SIGKILL if number == signal.SIGKILL else 0)


def test_ready_file_has_port_domain_shops_and_admin(start: Callable[[str], Copy], tmp_path: Path) -> None:
    seeded = {
        "shops": [
            {
                "slug": "north",
                "host": "north.localhost",
                "custom_host": "north.test",
                "currency": "USD",
                "admin_api_token": "t",
            }
        ],
        "admin": {"host": "admin.localhost", "email": "a@b.test", "password": "p"},
    }
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "demo.json").write_text(json.dumps(seeded))

    copy = start("home")
    facts = copy.facts()

    assert facts.pop("port") > 1024
    assert facts == {"base_domain": "localhost"} | seeded
    assert copy.ready.stat().st_mode & 0o777 == 0o600
    # A home that has the facts has the shops: the second start does not look for them again.
    assert (copy.home / "steps").read_text() == "migrate\n"


def test_two_copies_run_side_by_side(start: Callable[[str], Copy]) -> None:
    first, second = start("first"), start("second")

    ports = {first.facts()["port"], second.facts()["port"]}

    assert len(ports) == 2
    assert first.popen.poll() is None
    assert second.popen.poll() is None


def test_a_crashed_child_starts_again(start: Callable[[str], Copy]) -> None:
    copy = start("home")
    copy.facts()
    (worker,) = (pid for pid in processes_of(copy.home) if b"sleep(600)" in command_line(pid))

    os.kill(worker, signal.SIGKILL)

    def back() -> bool:
        return any(b"sleep(600)" in command_line(pid) for pid in processes_of(copy.home) if pid != worker)

    wait_for(back, "a second worker")


def command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def test_a_home_has_one_supervisor(tmp_path: Path) -> None:
    with sole_owner(tmp_path), pytest.raises(HomeTakenError, match="SOUK_HOME"), sole_owner(tmp_path):
        pass


def test_a_taken_port_is_refused_with_the_next_one(tmp_path: Path) -> None:
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(PortTakenError, match=f"SOUK_PORT={port + 1}"):
            place_from({"SOUK_PORT": str(port), "SOUK_HOME": str(tmp_path)})


def test_other_commands_find_the_stores_while_it_runs(start: Callable[[str], Copy]) -> None:
    copy = start("home")
    facts = copy.facts()

    running = json.loads((copy.home / "running.json").read_text())
    mode = (copy.home / "running.json").stat().st_mode & 0o777
    copy.popen.terminate()
    copy.popen.wait(30)

    assert (copy.home / "steps").read_text() == "migrate\ndemo seed\n"
    assert (running["SOUK_PORT"], mode) == (str(facts["port"]), 0o600)
    assert running["DATABASE_URL"].startswith("postgresql://souk_app@")
    assert not (copy.home / "running.json").exists()
