"""Chinese fonts for what is printed: where they are and what they are called."""

import sys
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import typst

from expert_hub.foundation.errors import HubError

_SERIF = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC")
_SANS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC")


class FontMissing(HubError):
    """No Chinese font on this machine; a report or picture must not come out as empty boxes."""

    code = "hub/font-missing"
    status = 503
    zh = "未找到思源（Noto CJK）中文字体，无法生成报告或图片；请安装软件包 fonts-noto-cjk，或将字体放入 {folder}。"
    en = "No Noto CJK font was found to print with; install the package fonts-noto-cjk or put the fonts into {folder}."


class Fonts(NamedTuple):
    """Families to print with and where they are."""

    folders: tuple[str, ...]
    serif: str
    sans: str
    uses_system: bool


def fonts_in(folder: Path | None) -> Fonts:
    """The families to print with: of a folder, else of the installation, else of the system.

    Raises:
        FontMissing: none of them holds a Chinese font.
    """
    return find_fonts(tuple(str(place) for place in (folder, _own_folder()) if place is not None and place.is_dir()))


@lru_cache(maxsize=8)
def find_fonts(folders: tuple[str, ...]) -> Fonts:
    """The families to print with.

    Args:
        folders: folders of fonts; the system's fonts are looked at only when these have no Chinese font.

    Raises:
        FontMissing: when there is none; that is not remembered, so that fonts may be installed meanwhile.
    """
    for uses_system in (False, True):
        found = typst.Fonts(
            include_system_fonts=uses_system, include_embedded_fonts=False, font_paths=list(folders)
        ).families()
        serif = [name for name in _SERIF if name in found]
        sans = [name for name in _SANS if name in found]
        if serif or sans:
            return Fonts(folders, (serif + sans)[0], (sans + serif)[0], uses_system)
    raise FontMissing(folder=str(_own_folder()))


def _own_folder() -> Path:
    return Path(sys.prefix) / "share" / "expert-hub" / "fonts"
