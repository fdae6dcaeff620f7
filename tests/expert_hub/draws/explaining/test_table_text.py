import pytest

from expert_hub.draws.errors import TableUnreadable
from expert_hub.draws.explaining.table_text import read_table


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_is_read_in_the_encodings_officers_use(tmp_path, encoding):
    path = tmp_path / "people.csv"
    path.write_bytes("专业,单位\n法律,甲\n".encode(encoding))
    assert read_table(path) == "专业,单位\n法律,甲\n"


@pytest.mark.parametrize("raw", [b"\xff\xff\xff", b"PK\x03\x04\x00\x00"])
def test_what_is_no_text_is_refused(tmp_path, raw):
    path = tmp_path / "people.xlsx"
    path.write_bytes(raw)
    with pytest.raises(TableUnreadable):
        read_table(path)
