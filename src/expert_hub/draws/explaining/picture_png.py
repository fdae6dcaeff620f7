"""The picture of a draw as PNG, for documents and messengers that take no SVG."""

from pathlib import Path

import typst

from expert_hub.draws.explaining.svg import WIDTH
from expert_hub.foundation.fonts import fonts_in

_PIXELS_PER_INCH = 216
_PAGE = """#set page(width: {width}pt, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%)
"""


def png_of(svg: str, fonts_dir: Path | None = None) -> bytes:
    """Paint a picture of `picture.draw_picture`, three pixels for each of its units.

    Args:
        svg: the picture.
        fonts_dir: folder of fonts that is looked at first; then the installation's, then the system's.

    Raises:
        FontMissing: when none of them holds a Chinese font.
    """
    fonts = fonts_in(fonts_dir)
    known = typst.Fonts(include_system_fonts=fonts.uses_system, font_paths=list(fonts.folders))
    png = typst.compile(
        _PAGE.format(width=WIDTH).encode(),
        font_paths=known,
        sys_inputs={"svg": svg},
        format="png",
        ppi=_PIXELS_PER_INCH,
    )
    return bytes(png)
