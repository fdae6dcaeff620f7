"""Files to file: sound ones, and what an attacker or an accident makes of them."""

import io
import struct
import zipfile
import zlib

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject


def pdf(pages: int = 2, *, title: str = "某某投标人", script: bool = False, password: str | None = None) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    writer.add_metadata({"/Author": title, "/Title": title})
    if script:
        writer.add_attachment("本单位.txt", b"who we are")
        act = DictionaryObject(
            {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
        )
        writer.root_object[NameObject("/OpenAction")] = act
        writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): act})
    if password:
        writer.encrypt(password, algorithm="AES-256")
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def png(width: int = 40, height: int = 30) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = zlib.compress(b"".join(b"\x00" + b"\xff\x80\x00" * width for _ in range(height))) if width < 5000 else b""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def archive(members: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in members.items():
            packed.writestr(name, body)
    return whole.getvalue()


def docx() -> bytes:
    return archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"})


def lying_archive() -> bytes:
    """An archive whose directory says that its member is small."""
    sound = archive({"a.txt": b"0" * 3_000_000})
    return sound.replace(struct.pack("<I", 3_000_000), struct.pack("<I", 1_000))


def encrypted_archive() -> bytes:
    sound = bytearray(archive({"a.txt": b"secret"}))
    for place in (6, sound.rindex(b"PK\x01\x02") + 8):
        sound[place] |= 1
    return bytes(sound)


def linked_archive() -> bytes:
    whole, link = io.BytesIO(), zipfile.ZipInfo("a.pdf")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(whole, "w") as packed:
        packed.writestr(link, "/etc/passwd")
    return whole.getvalue()


def pdf_with(body: bytes, layers: int = 1, depth: int = 0) -> bytes:
    """A PDF whose page has these octets as a deflated stream, and an array so many times in itself."""
    writer, stream, nest = PdfWriter(), StreamObject(), ArrayObject()
    writer.add_blank_page(width=595, height=842)
    stream._data = body
    stream[NameObject("/Filter")] = ArrayObject([NameObject("/FlateDecode")] * layers)
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)
    for _ in range(depth):
        nest = ArrayObject([nest])
    writer.pages[0][NameObject("/Nest")] = nest
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


SOUND = {
    "pdf": pdf(3),
    "png": png(),
    "docx": docx(),
    "zip": archive({"附件/": b"", "附件/a.pdf": pdf(), "b.docx": docx()}),
}
UNFIT = {
    "empty": b"",
    "program": b"MZ" + bytes(64),
    "page": b"<html><script>alert(1)</script></html>",
    "cut off pdf": pdf()[:-40],
    "pdf without pages": pdf(0),
    "damaged pdf": b"%PDF-1.7\n" + b"\x00garbage" * 300 + b"\n%%EOF",
    "encrypted pdf": pdf(password="x"),
    "cut off png": png()[:-9],
    "png of a billion pixels": png(60_000, 60_000),
    "jpeg of nothing": b"\xff\xd8\xff\xd9",
    "cut off archive": archive({"a.txt": b"abc" * 999})[:-30],
    "bomb": archive({"a.txt": bytes(80_000_000)}),
    "lying bomb": lying_archive(),
    "way out": archive({"../../etc/cron.d/x": b"x"}),
    "drive": archive({"C:/x": b"x"}),
    "archive in archive": archive({"inner.zip": archive({"a": b"a"})}),
    "archive by another name": archive({"drawing.pdf": archive({"a": b"a"})}),
    "program in archive": archive({"报价.pdf": b"MZ" + bytes(64)}),
    "encrypted pdf in archive": archive({"a.pdf": pdf(password="x")}),
    "link in archive": linked_archive(),
    "pdf bomb": pdf_with(zlib.compress(bytes(300 << 20), 9)),
    "pdf bomb in layers": pdf_with(zlib.compress(zlib.compress(bytes(300 << 20), 9), 9), layers=2),
    "pdf of many layers": pdf_with(zlib.compress(b""), layers=9),
    "pdf of deep arrays": pdf_with(zlib.compress(b""), depth=60),
    "macros": archive({"word/document.xml": b"", "word/vbaProject.bin": b"x"}),
    "encrypted archive": encrypted_archive(),
}
