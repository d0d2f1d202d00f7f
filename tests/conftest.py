"""Real services for the whole session, a database for each worker, two shops for each test that asks."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from cli.services.testing import Services, start_test_services
from souk.kernel import passwords

pytest_plugins = ["tests.fixtures.shops", "tests.fixtures.scheduling"]
_services: list[Services] = []
_folders: list[tempfile.TemporaryDirectory[str]] = []
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder with a name of its own is made below it
_ROOM = 6 * 1024**3


def pytest_configure(config: pytest.Config) -> None:
    if config.option.collectonly:
        return
    folder = tempfile.TemporaryDirectory(prefix="souk-test-", dir=_quickest_folder())
    _folders.append(folder)
    # Of every temporary file of the session, those of child processes and of pytest included.
    tempfile.tempdir = os.environ["TMPDIR"] = folder.name
    _services.append(start_test_services(Path(folder.name)))


def _quickest_folder() -> Path | None:
    """Return the machine's folder in memory: a shop has some hundred files, and the suite makes a thousand shops."""
    roomy = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
    return _MEMORY if roomy else None


def pytest_unconfigure(config: pytest.Config) -> None:
    while _services:
        _services.pop().stop()
    while _folders:
        _folders.pop().cleanup()


def pytest_collection_finish() -> None:
    """Keep what stays for the whole session out of every later look for garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def services() -> Services:
    return _services[0]


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> None:
    """Thousands of sign-ins would spend a fifth of the suite on slow hashes; test_secrets.py holds the real ones."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
