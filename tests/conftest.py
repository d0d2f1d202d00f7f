"""Real services for the whole session, a database for each worker, two shops for each test that asks."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from cli.services.testing import Services, start_test_services

pytest_plugins = ["tests.fixtures.shops"]
_services: list[Services] = []
_folders: list[tempfile.TemporaryDirectory[str]] = []


def pytest_configure(config: pytest.Config) -> None:
    if config.option.collectonly:
        return
    folder = tempfile.TemporaryDirectory(prefix="souk-test-")
    _folders.append(folder)
    _services.append(start_test_services(Path(folder.name)))


def pytest_unconfigure(config: pytest.Config) -> None:
    while _services:
        _services.pop().stop()
    while _folders:
        _folders.pop().cleanup()


@pytest.fixture(scope="session")
def services() -> Services:
    return _services[0]
