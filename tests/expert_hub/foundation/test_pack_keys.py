"""Every pack has the same 126 keys; the centre settings have their own groups."""

from expert_hub.foundation.pack_keys import CENTRE_KEYS, PACK_KEYS

CENTRE_GROUPS = {
    "expert", "library", "share", "spec", "identity", "fee", "assess", "venue", "booking", "credit", "debar", "alarm",
    "stats", "archive",
}  # fmt: skip


def test_a_pack_has_126_keys() -> None:
    assert len(PACK_KEYS) == 126


def test_the_centre_settings_hold_the_named_groups_and_share_none_with_a_pack() -> None:
    assert {key.split(".")[0] for key in CENTRE_KEYS} == CENTRE_GROUPS
    assert not {key.split(".")[0] for key in PACK_KEYS} & CENTRE_GROUPS
