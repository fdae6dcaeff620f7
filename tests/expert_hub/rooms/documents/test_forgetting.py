"""What a copy leaves behind: a bidder's name put into every place of a file that pages do not show."""

import struct
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from zlib import crc32

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from expert_hub.rooms.documents.forgetting import without_notes
from expert_hub.rooms.documents.marking import mark_image, mark_pdf
from expert_hub.rooms.documents.rules import Kind
from tests.expert_hub.rooms.documents.files import png

SECRET = "SecretBidder"
JPEG = b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP////////////////////////////////////////////////////////////////////////////////"
    "//////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
)


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def camera(order: str, orientation: int) -> bytes:
    """Camera data with the bidder's name as artist and the orientation after it."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
    entries = struct.pack(f"{order}HHII", 0x013B, 2, len(SECRET), 38)
    entries += struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"Exif\0\0" + head + struct.pack(f"{order}H", 2) + entries + bytes(4) + SECRET.encode()


def photograph(orientation: int = 6, order: str = "<") -> bytes:
    notes = segment(0xFE, SECRET.encode()) + segment(0xE1, camera(order, orientation))
    return JPEG[:2] + notes + segment(0xED, SECRET.encode()) + JPEG[2:] + b"\xff\xd9"


def keyed(**entries: PdfObject | str) -> DictionaryObject:
    def plain(value: PdfObject | str) -> PdfObject:
        return value if isinstance(value, PdfObject) else NameObject(value)

    return DictionaryObject({NameObject(f"/{key}"): plain(value) for key, value in entries.items()})


def stream(octets: bytes, **entries: PdfObject | str) -> StreamObject:
    found = StreamObject()
    found._data = octets
    found.update(keyed(**entries))
    return found


def telling_pdf() -> bytes:
    """A page with the bidder's name in ten places, and a seal whose look must stay."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    page, secret, add = writer.pages[0], TextStringObject(SECRET), writer._add_object
    one = NumberObject(1)
    box = ArrayObject([NumberObject(value) for value in (10, 10, 60, 60)])
    picture = stream(photograph(), Type="/XObject", Subtype="/Image", Width=one, Height=one, Filter="/DCTDecode")
    picture.update(keyed(ColorSpace="/DeviceGray", BitsPerComponent=NumberObject(8)))
    picture[NameObject("/Metadata")] = add(stream(SECRET.encode()))
    look = add(stream(b"0 0 50 50 re f % seal", Type="/XObject", Subtype="/Form", BBox=box))
    signed = keyed(Type="/Sig", Name=secret, Contents=ByteStringObject(SECRET.encode()))
    seal = keyed(Type="/Annot", Subtype="/Widget", FT="/Sig", T=secret, V=add(signed), Rect=box, AP=keyed(N=look))
    remark = keyed(Type="/Annot", Subtype="/Text", T=secret, Contents=secret, Rect=box, AP=keyed(N=look))
    file = keyed(EF=keyed(F=add(stream(SECRET.encode()))))
    attached = keyed(Type="/Annot", Subtype="/FileAttachment", Rect=box, AP=keyed(N=look), FS=file)
    page.update(keyed(Metadata=add(stream(SECRET.encode())), PieceInfo=keyed(App=secret), Who=secret))
    page[NameObject("/AF")] = ArrayObject([keyed(EF=keyed(F=add(stream(SECRET.encode()))))])
    page[NameObject("/Resources")] = keyed(XObject=keyed(P=add(picture)))
    page[NameObject("/Annots")] = ArrayObject([add(seal), add(remark), add(attached)])
    writer.add_metadata({"/Author": SECRET})
    writer.add_outline_item(title=SECRET, page_number=0)
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    whole = BytesIO()
    writer.write(whole)
    return whole.getvalue()


def texts(path: Path) -> bytes:
    """Every octet of a PDF, streams unpacked."""
    reader = PdfReader(path)
    found = bytearray(path.read_bytes())
    for number in reader.xref[0]:
        one = reader.get_object(number)
        if isinstance(one, StreamObject):
            found += one._data + (b"" if one.get("/Subtype") == "/Image" else one.get_data())
    return bytes(found)


def test_a_copy_of_a_pdf_does_not_tell_whose_it_is(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(telling_pdf())
    assert source.read_bytes().count(SECRET.encode()) >= 10
    mark_pdf(source, target, "评委A", None)
    whole = texts(target)
    assert SECRET.encode() not in whole
    assert SECRET.encode("utf-16-be") not in whole
    (page,) = PdfReader(target).pages
    (seal,) = (entry.get_object() for entry in page["/Annots"])  # type: ignore[attr-defined]
    assert b"seal" in seal["/AP"]["/N"].get_object().get_data()
    assert page["/Resources"]["/XObject"]["/P"].get_object()._data.startswith(b"\xff\xd8")  # type: ignore[index]


@pytest.mark.parametrize("kind", [Kind.JPEG, Kind.PNG])
def test_a_copy_of_a_picture_does_not_tell_whose_it_is(kind: Kind, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(photograph() if kind is Kind.JPEG else with_remark(png()))
    assert SECRET.encode() in source.read_bytes()
    mark_image(source, kind, target, "评委A", None)
    assert SECRET.encode() not in texts(target)


def with_remark(sound: bytes) -> bytes:
    body = b"tEXtAuthor\0" + SECRET.encode()
    at = sound.index(b"IDAT") - 4
    return sound[:at] + struct.pack(">I", len(body) - 4) + body + struct.pack(">I", crc32(body)) + sound[at:]


@pytest.mark.parametrize(("order", "orientation"), [("<", 6), (">", 3), ("<", 0), (">", 9)])
def test_only_which_way_up_a_photograph_is_stays(order: str, orientation: int) -> None:
    found = without_notes(photograph(orientation, order))
    assert SECRET.encode() not in found
    kept = b"Exif\0\0II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    assert (kept in found) is (1 <= orientation <= 8)
    assert found.count(b"Exif") == (1 <= orientation <= 8)
    assert found.endswith(JPEG[20:] + b"\xff\xd9")


def test_what_is_no_jpeg_and_every_cut_of_one_come_back_without_an_error() -> None:
    assert without_notes(b"") == b""
    assert without_notes(b"GIF89a" + bytes(40)) == b"GIF89a" + bytes(40)
    whole = photograph()
    for end in range(len(whole)):
        without_notes(whole[:end])
