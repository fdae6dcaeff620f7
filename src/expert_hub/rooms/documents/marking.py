"""Makes the marked rendition of a file, as a program of its own under limits: `….marking KIND SOURCE TARGET`.

The mark (seat alias, room, instant) stands on every page. A rendition is a new PDF of the pages alone: outline,
scripts, attachments, actions and the data about author and tool stay behind, so that a blind file tells nothing beside
its pages. Seals and signatures, which are annotations, are kept as they look. See `forgetting`.
"""

import json
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import typst
from pypdf import PdfReader, PdfWriter, Transformation

from expert_hub.foundation.fonts import fonts_in
from expert_hub.rooms.documents.forgetting import forget, quieten, without_notes
from expert_hub.rooms.documents.rules import Kind

# Every text and length comes in as data, so nothing that a person wrote is read as markup.
_SHEET = """
#let it = json(bytes(sys.inputs.at("mark")))
#set page(width: it.width * 1pt, height: it.height * 1pt, margin: 0pt, fill: none,
  background: if "image" in it { image(it.image, width: 100%, height: 100%, fit: "contain") })
#set text(font: it.fonts, size: it.size * 1pt, fill: rgb(120, 120, 120, 70))
#let across = calc.max(1, int(it.width / (it.size * 22)))
#let down = calc.max(2, int(it.height / (it.size * 12)))
#for row in range(down) { for column in range(across) {
  place(top + left, dx: (column + 0.15) * it.width * 1pt / across, dy: (row + 0.5) * it.height * 1pt / down,
    rotate(-24deg, origin: left + horizon, it.text))
} }
"""
_A4 = (595.276, 841.89)


def sheet(mark: str, width: float, height: float, fonts_dir: Path | None, image: Path | None = None) -> bytes:
    """One transparent page of a size in points with the mark repeated on it, as PDF; over an image if one is given."""
    fonts = fonts_in(fonts_dir)
    data: dict[str, Any] = {"width": width, "height": height, "text": mark, "fonts": [fonts.sans]}
    data["size"] = min(max(min(width, height) / 45, 4), 60)
    root = image.parent if image else Path.cwd()
    if image:
        data["image"] = f"/{image.name}"
    return bytes(
        typst.compile(  # type: ignore[call-overload]  # its stubs want root to be of the type of the source
            _SHEET.encode(),
            root=str(root),
            font_paths=list(fonts.folders),
            ignore_system_fonts=not fonts.uses_system,
            sys_inputs={"mark": json.dumps(data, ensure_ascii=False)},
            format="pdf",
        )
    )


def mark_pdf(source: Path, target: Path, mark: str, fonts_dir: Path | None) -> None:
    """Write the pages of a PDF with the mark over each."""
    reader, writer = PdfReader(source), PdfWriter()
    forget(reader)
    sheets: dict[tuple[int, int], Any] = {}
    for page in reader.pages:
        quieten(page)
        added = writer.add_page(page)
        box = added.mediabox
        size = (round(float(box.width)), round(float(box.height)))
        if size not in sheets:
            sheets[size] = PdfReader(BytesIO(sheet(mark, max(size[0], 20), max(size[1], 20), fonts_dir))).pages[0]
        added.merge_transformed_page(sheets[size], Transformation().translate(float(box.left), float(box.bottom)))
    writer.metadata = {"/Producer": "Expert Hub"}
    with target.open("wb") as file:
        writer.write(file)


def mark_image(source: Path, kind: Kind, target: Path, mark: str, fonts_dir: Path | None) -> None:
    """Write an image with the mark over it, as a PDF of one A4 page."""
    named = target.with_suffix(f".{kind}")
    octets = source.read_bytes()
    named.write_bytes(without_notes(octets) if kind is Kind.JPEG else octets)
    try:
        target.write_bytes(sheet(mark, *_A4, fonts_dir, named))
    finally:
        named.unlink()


def main() -> None:
    """Mark the file named on the command line; the mark and the folder of fonts come as JSON on stdin."""
    kind, source, target = Kind(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    asked = json.loads(sys.stdin.read())
    fonts_dir = Path(asked["fonts_dir"]) if asked["fonts_dir"] else None
    if kind is Kind.PDF:
        mark_pdf(source, target, asked["mark"], fonts_dir)
    else:
        mark_image(source, kind, target, asked["mark"], fonts_dir)


if __name__ == "__main__":
    main()
