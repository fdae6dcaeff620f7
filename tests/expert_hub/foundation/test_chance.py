from collections import Counter

from expert_hub.foundation.chance import BufferedChance, SeededChance, SystemChance, new_code, new_id, shuffled


def test_ids_and_codes_have_their_length_and_differ() -> None:
    chance = SystemChance()
    ids = {new_id(chance) for _ in range(100)}
    assert len(ids) == 100
    assert all(len(name) == 32 for name in ids)
    assert {len(new_code(chance, 20)) for _ in range(20)} == {20}
    assert not set("01lo") & set(new_code(chance, 4000))


def test_a_seeded_chance_repeats() -> None:
    assert SeededChance("a").octets(100) == SeededChance("a").octets(100)
    assert SeededChance("a").octets(100) != SeededChance("b").octets(100)


def test_every_order_is_equally_likely() -> None:
    chance = SeededChance("orders")
    counts = Counter(tuple(shuffled([1, 2, 3], chance)) for _ in range(6000))
    assert len(counts) == 6
    # Four standard deviations of a binomial with n = 6000, p = 1/6 are 115.
    assert all(abs(count - 1000) < 116 for count in counts.values())


def test_a_buffer_gives_every_byte_of_its_source_at_most_once_and_in_order() -> None:
    buffered = BufferedChance(SeededChance("a"), block=100)
    given = b"".join(buffered.octets(count) for count in (12, 12, 70, 12, 300, 5))
    plain = SeededChance("a")
    first, second, third = plain.octets(100), plain.octets(100), plain.octets(300)
    assert given[:94] == first[:94]
    assert given[94:106] == second[:12]
    assert given[106:406] == third
    assert len(given) == 411
