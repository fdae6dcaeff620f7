import pytest

from tools.python_version import can_make_environments, complaint


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_the_supported_versions_pass(version):
    assert complaint(version, has_venv=True) == ""


@pytest.mark.parametrize("version", [(2, 7), (3, 10), (3, 14), (4, 0)])
def test_another_version_is_named_with_a_way_out(version):
    text = complaint(version, has_venv=True)
    assert f"this is {version[0]}.{version[1]}" in text
    assert "make setup PYTHON=" in text


def test_a_missing_venv_names_the_package():
    assert "python3-venv" in complaint((3, 11), has_venv=False)


def test_this_interpreter_can_make_environments():
    assert can_make_environments() is True
