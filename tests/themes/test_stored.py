"""A shop's own files are kept by content, checked when read, and loaded as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from souk.media.storage import LocalStorage
from tests.themes.small import small_theme
from themes import stored
from themes.merge import with_changes
from themes.stored import FileDamaged, LoadedThemes, ThemeNotLoaded, keep_files, read_files
from themes.theme import Theme
from themes.upload import ThemeRefused, check_upload


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path)


def blobs(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_files_come_back_and_equal_ones_are_kept_once(storage: LocalStorage, tmp_path: Path) -> None:
    files = small_theme()

    manifest = keep_files(storage, files)
    before = len(blobs(tmp_path))
    keep_files(storage, {**files, "snippets/card.html": b"<i>{{ item.title }}</i>"})

    assert read_files(storage, manifest) == files
    assert before == len(set(manifest.values()))
    assert len(blobs(tmp_path)) == before + 1


def test_a_damaged_file_is_refused(storage: LocalStorage, tmp_path: Path) -> None:
    manifest = keep_files(storage, {"assets/a.css": b"good"})
    blobs(tmp_path)[0].write_bytes(b"evil")

    with pytest.raises(FileDamaged, match="assets/a.css"):
        read_files(storage, manifest)


def test_a_theme_is_asked_for_before_it_is_loaded(storage: LocalStorage) -> None:
    themes, manifest = LoadedThemes(), keep_files(storage, small_theme())

    with pytest.raises(ThemeNotLoaded) as missing:
        themes.get(manifest)
    themes.load(storage, missing.value.manifest)

    assert themes.get(manifest).files == small_theme()


def test_a_theme_that_is_lost_is_replaced_and_asked_for_again(
    storage: LocalStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    themes, manifest = LoadedThemes(), keep_files(storage, small_theme())
    blobs(tmp_path)[0].unlink()
    monkeypatch.setattr(stored, "RETRY_SECONDS", 0.0)

    themes.load(storage, manifest)
    with pytest.raises(ThemeNotLoaded):
        themes.get(manifest)
    monkeypatch.setattr(stored, "RETRY_SECONDS", 60.0)
    themes.load(storage, manifest)

    assert themes.get(manifest).handle == "bazaar"


def test_memory_keeps_the_themes_in_use(storage: LocalStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "MAX_THEMES", 1)
    themes = LoadedThemes()
    first = keep_files(storage, small_theme())
    second = keep_files(storage, small_theme(**{"assets/theme.css": "a{}"}))

    themes.load(storage, first)
    themes.load(storage, second)

    assert themes.get(second).files["assets/theme.css"] == b"a{}"
    with pytest.raises(ThemeNotLoaded):
        themes.get(first)


def test_a_sound_theme_may_be_uploaded() -> None:
    assert check_upload(small_theme()) == []


def test_a_theme_with_errors_is_refused_with_all_findings() -> None:
    with pytest.raises(ThemeRefused) as refused:
        check_upload(small_theme(**{"snippets/card.html": "{{ itm }}{{ nope }}"}))

    assert [finding.rule for finding in refused.value.findings] == ["unknown-object", "unknown-object"]
    assert refused.value.extra["findings"][0].startswith("snippets/card.html:1: ")


@pytest.mark.parametrize(
    "code",
    [
        "{% for a in range(999) %}{% for b in range(999) %}{{ b }}{% endfor %}{% endfor %}",
        "{{ 1 / 0 }}",
        "{{ product.variants }}{{ [1, 2] }}",
    ],
)
def test_a_theme_that_fails_on_the_example_shop_is_refused(code: str) -> None:
    with pytest.raises(ThemeRefused) as refused:
        check_upload(small_theme(**{"snippets/card.html": "{{ item.title }}" + code}))

    assert {finding.rule for finding in refused.value.findings} == {"trial"}
    assert "the part main fails" in refused.value.findings[0].message


def test_what_a_merchant_changed_is_written_into_the_files() -> None:
    template = {"sections": {"main": {"type": "main", "settings": {"heading": "Sale"}}}}

    files = with_changes(small_theme(), {"text_color": "#abc"}, {"templates/index.json": template})

    theme = Theme("pulled", files)
    assert theme.settings["text_color"] == "#abc"
    assert theme.template("index").sections[0].settings == {"heading": "Sale"}
    assert files["sections/main.html"] == small_theme()["sections/main.html"]
