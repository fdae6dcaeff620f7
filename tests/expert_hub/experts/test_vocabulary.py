from expert_hub.experts.rules import Standing, TitleLevel
from expert_hub.experts.vocabulary import CHINESE_KINDS, PROJECT_KINDS, RELATIONS, STANDINGS, TITLE_LEVELS
from scheduling.pool import RELATION_KINDS


def test_every_kind_of_the_draw_has_a_chinese_word() -> None:
    assert set(CHINESE_KINDS) == set(RELATION_KINDS)
    assert set(RELATIONS.values()) == set(RELATION_KINDS)
    assert set(RELATION_KINDS) >= PROJECT_KINDS


def test_closed_sets_are_complete() -> None:
    assert set(STANDINGS.values()) == set(Standing)
    assert set(TITLE_LEVELS.values()) == set(TitleLevel)


def test_english_words_mean_themselves() -> None:
    assert {word: STANDINGS[word] for word in Standing} == {each: each for each in Standing}
    assert {word: TITLE_LEVELS[word] for word in TitleLevel} == {each: each for each in TitleLevel}
    assert {kind: RELATIONS[kind] for kind in RELATION_KINDS} == {kind: kind for kind in RELATION_KINDS}
