from scheduling.demand import BIDDER_ROLES, DIRECT_TRAITS, PARTY_ROLES, TRAITS, Quota


def test_cf_03_members_and_controllers_of_a_consortium_count_as_bidders() -> None:
    assert set(BIDDER_ROLES) == {"bidder", "consortium_member", "controller"}
    assert set(BIDDER_ROLES) < set(PARTY_ROLES)


def test_dr_09_only_some_traits_allow_direct_selection() -> None:
    assert set(DIRECT_TRAITS) < set(TRAITS)


def test_a_quota_takes_the_reserve_of_its_request_unless_it_has_its_own() -> None:
    assert (Quota("q", "A", 1).alternates, Quota("q", "A", 1, alternates=0).alternates) == (None, 0)
