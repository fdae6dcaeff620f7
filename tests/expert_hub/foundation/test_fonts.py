"""Where Chinese fonts are found, and that their absence is said."""

import sys
from pathlib import Path

import pytest

from expert_hub.foundation.fonts import FontMissing, find_fonts, fonts_in


def test_missing_fonts_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find_fonts.cache_clear()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr("expert_hub.foundation.fonts._SERIF", ("No Such Serif",))
    monkeypatch.setattr("expert_hub.foundation.fonts._SANS", ("No Such Sans",))
    with pytest.raises(FontMissing) as missing:
        fonts_in(tmp_path / "nowhere")
    assert missing.value.code == "hub/font-missing"
    assert "fonts-noto-cjk" in missing.value.zh
    assert "fonts-noto-cjk" in str(missing.value)


def serif_file() -> Path:
    """A file of Noto Serif CJK: where set-up puts it, or among the system's."""
    folders = [Path(sys.prefix) / "share" / "expert-hub" / "fonts", Path("/usr/share/fonts"), Path.home() / ".fonts"]
    return next(path for folder in folders for path in folder.rglob("NotoSerifCJK*Regular.*"))


def test_one_family_is_enough(tmp_path: Path) -> None:
    font = serif_file()
    (tmp_path / f"serif{font.suffix}").symlink_to(font)
    fonts = fonts_in(tmp_path)
    assert fonts.folders[0] == str(tmp_path)
    alone = find_fonts((str(tmp_path),))
    assert (alone.serif, alone.sans, alone.uses_system) == ("Noto Serif CJK SC", "Noto Serif CJK SC", False)
