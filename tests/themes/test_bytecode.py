"""Compiled code is shared through files that only we can have written."""

from __future__ import annotations

import hmac
import marshal
import os
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import pytest

from themes import engine
from themes.bytecode import BytecodeStore, FolderNotOurs, engine_build
from themes.sandbox.budget import Budget, Limits, running

SOURCE = "{% for n in range(3) %}{{ n }},{% endfor %}"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[BytecodeStore]:
    made = BytecodeStore(tmp_path / "bytecode", "key")
    engine.keep_bytecode(made)
    engine.forget()
    yield made
    engine.keep_bytecode(None)
    engine.forget()


def code(text: str) -> CodeType:
    return compile(text, "x", "exec")


def render(source: str = SOURCE) -> str:
    with running(Budget(Limits())):
        return engine.compiled("snippets/a.html", source).render({"range": engine.environment().globals["range"]}, {})


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "bytecode").iterdir())


def refuse_to_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str, markup: str) -> CodeType:
        raise AssertionError(f"{path} was compiled again")

    monkeypatch.setattr(engine, "_compile", refuse)


def test_another_process_loads_what_one_has_compiled(
    store: BytecodeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = render()
    engine.forget()
    refuse_to_compile(monkeypatch)

    second = render()

    assert (first, second) == ("0,1,2,", "0,1,2,")
    assert len(kept(tmp_path)) == 1


def test_a_changed_file_is_compiled_anew(store: BytecodeStore, tmp_path: Path) -> None:
    render()

    assert render(SOURCE + "!") == "0,1,2,!"
    assert len(kept(tmp_path)) == 2


def test_forged_code_is_never_run_and_is_replaced(store: BytecodeStore, tmp_path: Path) -> None:
    render()
    (path,) = kept(tmp_path)
    good = path.read_bytes()
    body = marshal.dumps(code("raise SystemExit('forged')"))
    path.write_bytes(hmac.digest(b"guessed", path.name.encode() + body, "sha256") + body)
    engine.forget()

    output = render()

    assert output == "0,1,2,"
    assert path.read_bytes() == good


@pytest.mark.parametrize("content", [b"", b"short", b"\0" * 32, b"\0" * 4096])
def test_broken_files_are_thrown_away(store: BytecodeStore, tmp_path: Path, content: bytes) -> None:
    render()
    (path,) = kept(tmp_path)
    path.write_bytes(content)

    assert store.load(path.name) is None
    assert not path.exists()


def test_a_renamed_file_does_not_run_as_another(store: BytecodeStore, tmp_path: Path) -> None:
    store.save("a", code("x = 1"))
    (tmp_path / "bytecode" / "a").rename(tmp_path / "bytecode" / "b")

    assert store.load("b") is None


def test_a_store_with_another_key_reads_nothing(store: BytecodeStore, tmp_path: Path) -> None:
    store.save("a", code("x = 1"))

    assert BytecodeStore(tmp_path / "bytecode", "other key").load("a") is None


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_a_folder_that_others_may_write_to_is_refused(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "bytecode"
    folder.mkdir()
    folder.chmod(mode)

    with pytest.raises(FolderNotOurs, match="chmod 700"):
        BytecodeStore(folder, "key")


def test_a_link_to_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")

    with pytest.raises(FolderNotOurs):
        BytecodeStore(tmp_path / "link", "key")


def test_a_new_folder_is_ours_alone(store: BytecodeStore, tmp_path: Path) -> None:
    render()

    assert (tmp_path / "bytecode").stat().st_mode & 0o777 == 0o700
    assert kept(tmp_path)[0].stat().st_mode & 0o777 == 0o600


def test_pruning_removes_the_oldest_first(store: BytecodeStore, tmp_path: Path) -> None:
    for age, name in enumerate(("new", "middle", "old")):
        store.save(name, code("x = 1"))
        os.utime(tmp_path / "bytecode" / name, (1_000 - age, 1_000 - age))
    size = (tmp_path / "bytecode" / "new").stat().st_size

    store.prune(max_bytes=2 * size)

    assert [path.name for path in kept(tmp_path)] == ["middle", "new"]


def test_a_folder_that_vanished_costs_nothing_but_time(store: BytecodeStore, tmp_path: Path) -> None:
    (tmp_path / "bytecode").rmdir()

    assert render() == "0,1,2,"


def test_the_build_changes_with_the_filters() -> None:
    engine_build.cache_clear()
    one = engine_build(("upper",))
    engine_build.cache_clear()
    two = engine_build(("upper", "lower"))
    engine_build.cache_clear()

    assert one != two
    assert len(one) == 64


def test_memory_is_bounded_by_bytes() -> None:
    files = engine.CompiledFiles(max_bytes=100)
    made = engine.compiled("snippets/b.html", "b")

    for key in "abc":
        files.put(key, made, 40)

    assert [files.get(key) is not None for key in "abc"] == [False, True, True]
