"""`platform/` is a source root and no package: one stray __init__.py there would shadow the standard library."""

from __future__ import annotations

import platform
import sysconfig
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("souk", "tenants", "billing", "themes", "plugins", "cli", "migrations")


def test_platform_is_the_standard_library() -> None:
    assert platform.__file__.startswith(sysconfig.get_path("stdlib"))
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_our_packages_resolve_inside_the_repository() -> None:
    for name in PACKAGES:
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        assert Path(spec.origin).is_relative_to(ROOT)


def test_no_dependency_ships_a_package_with_our_names() -> None:
    owners = packages_distributions()

    assert {name: owners[name] for name in PACKAGES if owners.get(name, ["souk"]) != ["souk"]} == {}
