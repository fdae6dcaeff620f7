"""Looks into one uploaded file, as a program of its own under limits: `python -m ….inspection PATH`.

It prints one JSON object: `{"kind", "pages"}` or `{"zh", "en"}` with the reason against the file. Nothing is executed;
what a hostile file may cost is bounded here by counts and outside by time and memory. Members of an archive are looked
into in nameless temporary files, each by what it holds and not by what it is called.
"""

import json
import stat
import struct
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

from expert_hub.rooms.documents.rules import Kind

MAX_PAGES = 5_000
MAX_PIXELS = 100_000_000
MAX_ENTRIES = 5_000
MAX_EXPANDED = 2 * 1024**3
MAX_RATIO = 200
_SMALL = 1024**2
_TAIL = 2048
_ZIP = b"PK\x03\x04"
_ACTIVE = ("vbaproject", "activex/", "macrosheets/", "embeddings/oleobject")
_DAMAGED_ARCHIVE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    zlib.error,
)
_DOCUMENT_PARTS = {"word/document.xml": Kind.DOCX, "xl/workbook.xml": Kind.XLSX}


class Unfit(Exception):
    """Why a file is refused, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


def inspect(path: Path, inside: bool = False) -> tuple[Kind, int]:
    """Find out what a file is and refuse what no reader should meet.

    Args:
        path: the file.
        inside: whether it is a member of an archive, where no other archive may be.

    Returns:
        Its kind and its number of pages (1 for an image, 0 where there are none).

    Raises:
        Unfit: of an unknown kind, cut off, encrypted, or larger inside than the limits.
    """
    with path.open("rb") as file:
        head = file.read(16)
    if head.startswith(b"%PDF-"):
        return Kind.PDF, _pdf(path)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        _png(path)
        return Kind.PNG, 1
    if head.startswith(b"\xff\xd8\xff"):
        _jpeg(path)
        return Kind.JPEG, 1
    if head.startswith(_ZIP):
        return _zip(path, inside), 0
    if not head:
        raise Unfit("文件为空", "the file is empty")
    raise Unfit("不是 PDF、PNG、JPEG、DOCX、XLSX 或 ZIP 文件", "it is not a PDF, PNG, JPEG, DOCX, XLSX or ZIP file")


def _tail(path: Path, octets: int = _TAIL) -> bytes:
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - octets, 0))
        return file.read()


def _pdf(path: Path) -> int:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    from expert_hub.rooms.documents.pdf_bounds import TooCostly, require_bounds

    if b"%%EOF" not in _tail(path):
        raise Unfit("PDF 不完整：缺少文件结尾", "the PDF is cut off: it has no end")
    try:
        reader = PdfReader(path, strict=False)
        if reader.is_encrypted:
            raise Unfit("PDF 已加密", "the PDF is encrypted")
        pages = len(reader.pages)
        if not 1 <= pages <= MAX_PAGES:
            raise Unfit(f"PDF 应为 1 至 {MAX_PAGES} 页", f"a PDF has 1 to {MAX_PAGES} pages")
        for page in (reader.pages[0], reader.pages[pages - 1]):
            _ = page.mediabox.width
        require_bounds(reader)
    except (TooCostly, RecursionError) as error:
        raise Unfit("PDF 对象过多、嵌套过深或解压后过大", "the PDF is a bomb: too many or too deep objects") from error
    except (PyPdfError, ValueError, LookupError, TypeError, AttributeError, OSError, zlib.error) as error:
        raise Unfit("PDF 结构损坏", "the PDF is damaged") from error
    return pages


def _png(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(33)
    if len(head) < 33 or head[12:16] != b"IHDR" or _tail(path, 12)[4:8] != b"IEND":
        raise Unfit("PNG 不完整", "the PNG is cut off")
    _require_pixels(*struct.unpack(">II", head[16:24]))


def _jpeg(path: Path) -> None:
    if b"\xff\xd9" not in _tail(path, 64):
        raise Unfit("JPEG 不完整", "the JPEG is cut off")
    with path.open("rb") as file:
        file.read(2)
        while len(marker := file.read(4)) == 4 and marker[0] == 0xFF:
            length = struct.unpack(">H", marker[2:])[0]
            if 0xC0 <= marker[1] <= 0xCF and marker[1] not in (0xC4, 0xC8, 0xCC):
                frame = file.read(5)
                if len(frame) == 5:
                    height, width = struct.unpack(">HH", frame[1:])
                    _require_pixels(width, height)
                    return
                break
            file.seek(length - 2, 1)
    raise Unfit("JPEG 结构损坏", "the JPEG is damaged")


def _require_pixels(width: int, height: int) -> None:
    if not 0 < width * height <= MAX_PIXELS:
        raise Unfit(f"图像应不超过 {MAX_PIXELS} 像素", f"an image has at most {MAX_PIXELS} pixels")


def _zip(path: Path, inside: bool) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _require_bounds(members)
            _require_names(members)
            kind = next((kind for part, kind in _DOCUMENT_PARTS.items() if part in archive.namelist()), Kind.ZIP)
            if kind is Kind.ZIP and inside:
                raise Unfit("压缩包内含嵌套压缩包", "the archive holds another archive")
            for member in members:
                _unpack(archive, member, looked_into=kind is Kind.ZIP and not member.is_dir())
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
        zlib.error,
    ) as error:
        raise Unfit("压缩包损坏或不完整", "the archive is damaged or cut off") from error
    return kind


def _require_bounds(members: list[zipfile.ZipInfo]) -> None:
    expanded = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MAX_ENTRIES or expanded > MAX_EXPANDED:
        raise Unfit("压缩包展开后过大", "the archive is too large when unpacked")
    if expanded > _SMALL and expanded > MAX_RATIO * max(packed, 1):
        raise Unfit("压缩包压缩比异常（压缩炸弹）", "the archive is a decompression bomb")


def _require_names(members: list[zipfile.ZipInfo]) -> None:
    for member in members:
        if member.flag_bits & 1:
            raise Unfit("压缩包已加密", "the archive is encrypted")
        steps = member.filename.replace("\\", "/").split("/")
        if member.filename.startswith(("/", "\\")) or ".." in steps or ":" in steps[0]:
            raise Unfit("压缩包内的路径越界", "a path in the archive leads outside of it")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise Unfit("压缩包内含链接", "the archive holds a link")
        if any(sign in member.filename.lower() for sign in _ACTIVE) or member.filename.lower().endswith(
            (".zip", ".7z", ".rar", ".gz")
        ):
            raise Unfit("压缩包内含宏或嵌套压缩包", "the archive holds macros or another archive")


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, looked_into: bool) -> None:
    """Unpack a member: sizes in the directory may lie, the checksum shows a damaged one, and it may be anything."""
    left = member.file_size
    with archive.open(member) as content, tempfile.NamedTemporaryFile() as copy:
        while block := content.read(1 << 20):
            left -= len(block)
            if left < 0:
                raise Unfit("压缩包压缩比异常（压缩炸弹）", "the archive is a decompression bomb")
            if looked_into:
                copy.write(block)
        copy.flush()
        if looked_into:
            inspect(Path(copy.name), inside=True)


def main() -> None:
    """Inspect the file named on the command line and print what was found."""
    try:
        kind, pages = inspect(Path(sys.argv[1]))
        answer: dict[str, object] = {"kind": str(kind), "pages": pages}
    except Unfit as unfit:
        answer = {"zh": unfit.zh, "en": unfit.en}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
