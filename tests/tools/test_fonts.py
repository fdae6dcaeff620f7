import sys
import zipfile

import pytest

from tools import fonts


def wheel_with(path, names):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(f"mplfonts/fonts/{name}", name.encode())
    return path


@pytest.mark.parametrize(
    "name", ["NotoSansCJK-Regular.ttc", "NotoSerifCJKsc-Regular.otf", "NotoSansSC-Regular.otf", "NotoSerifSC[wght].ttf"]
)
def test_a_noto_font_with_simplified_chinese_counts(name, tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / name).touch()
    assert fonts.has_noto_cjk((tmp_path,)) is True


@pytest.mark.parametrize(
    "name", ["NotoSans-Regular.ttf", "NotoSansKR-Regular.otf", "NotoSansCJK.txt", "DejaVuSans.ttf"]
)
def test_another_font_does_not_count(name, tmp_path):
    (tmp_path / name).touch()
    assert fonts.has_noto_cjk((tmp_path, tmp_path / "missing")) is False


def test_only_the_free_fonts_leave_the_wheel(tmp_path):
    wheel = wheel_with(tmp_path / "x.whl", [*fonts.WANTED, "SimHei.ttf"])
    fonts.extract(wheel, tmp_path / "fonts")
    assert sorted(path.name for path in (tmp_path / "fonts").iterdir()) == sorted(fonts.WANTED)


def test_a_failure_warns_and_goes_on(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    monkeypatch.setattr(fonts, "has_noto_cjk", lambda: False)
    monkeypatch.setattr(fonts, "PIN", "no-such-wheel-of-fonts==0 --hash=sha256:" + "0" * 64 + "\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    fonts.main()
    assert "fonts-noto-cjk" in capsys.readouterr().err


def test_fonts_of_the_environment_are_enough(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    monkeypatch.setattr(fonts, "has_noto_cjk", lambda: False)
    monkeypatch.setattr(sys, "executable", "no-python-here")
    for name in fonts.WANTED:
        (tmp_path / name).touch()
    fonts.main()
    assert capsys.readouterr().err == ""
