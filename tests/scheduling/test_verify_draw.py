"""The verifier as a whole: verdicts, notes, the command line, and whatever bytes a stranger may be handed."""

import json
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling import verify_draw
from scheduling.verify_draw import Finding, Verdict, findings, main, verify
from tests.scheduling.transcripts.edits import entries, flipped, left_out, on, put
from tests.scheduling.transcripts.maker import make
from tests.scheduling.transcripts.scenarios import Scenario
from tests.scheduling.transcripts.world import canonical, h

STORY = Scenario("a story", outcomes=("declined", "accepted", "no-answer-by-call"))
ALONE = Scenario("a story of parties", levels=("parties",), latest=False)
VOID = Scenario("void", outcomes=("declined", "withdrawn", "declined"), max_skips=1)
IN_ORDER = Scenario("in order", replacement="next_in_order", outcomes=("declined", "accepted"))
FILE = Path(verify_draw.__file__)


@lru_cache
def made(scenario):
    return make(scenario)


def rules(transcript, policy, *published):
    return [finding.rule for finding in verify(transcript, policy, published).findings]


def changed(scenario, **edits):
    return rules(*make(scenario, **edits).files)


@pytest.mark.parametrize("scenario", [STORY, ALONE, VOID, IN_ORDER], ids=lambda scenario: scenario.label)
def test_an_honest_draw_passes(scenario):
    draw = made(scenario)
    assert verify(*draw.files, [draw.digest.hex()]).findings == ()


@pytest.mark.parametrize("scheme", ["pedersen-bls-chained", "bls-unchained-on-g1"])
def test_each_scheme_of_the_beacon_is_known(scheme):
    draw = make(Scenario(f"of {scheme}", public_scheme=scheme))
    assert verify(*draw.files).findings == ()


def test_the_notes_tell_what_weakens_a_draw():
    fallen = make(Scenario("weak", used=1, latest=False, escrowed=("supervisor",)))
    assert verify(*fallen.files).notes == (
        "assurance level of the seed: federated",
        "the seed fell back from the level public: look up whether its round came out in time",
        'the link of "supervisor" for the seed was opened by escrow',
        "no beacon round shows that the body was not written long before its date",
    )
    assert "replacement 1 takes the next in order: the name could be foreseen" in verify(*made(IN_ORDER).files).notes


def transcript_edit(change):
    return {"transcript": lambda maker, transcript, number: change(transcript)}


def conflicting(maker, lottery, number):
    size = sum(count for one in lottery["classes"] for count, _, _ in one["blocks"])
    lottery["edges"] = [[one, other] for one in range(size) for other in range(one + 1, size)]


def one_unit(maker, leaves, number):
    for leaf in leaves[: maker.eligible]:
        leaf[4] = "ab" * 32


PLAIN_UNITS = Scenario("units", method="plain")
BROKEN = {
    "XD-02 a key too many": ("XD-02", STORY, {"transcript": lambda m, t, n: t | {"more": 1}}),
    "XD-02 an entry that does not exist": ("XD-02", STORY, {"transcript": put("outcomes", 1, "entry", 999)}),
    "XD-02 a quota that does not exist": ("XD-02", STORY, {"transcript": put("drawn", 0, 0, 9)}),
    "XD-02 a position that does not exist": ("XD-02", STORY, {"transcript": put("drawn", 0, 1, 999)}),
    "XD-02 a seat that does not exist": ("XD-02", STORY, {"transcript": put("replacements", 0, "seats", [7])}),
    "XD-02 openings out of order": ("XD-02", STORY, transcript_edit(lambda t: t["openings"].reverse())),
    "XD-02 an entry of an unknown kind": (
        "XD-02",
        STORY,
        {"entry": entries("draws/drawn", lambda m, entry: entry | {"kind": "draws/told"})},
    ),
    "XD-12 a wrong sum of seats": ("XD-12", STORY, {"lottery": put("seats", 4)}),
    "XD-12 a template over a quota": ("XD-12", STORY, {"lottery": put("templates", 0, 2, 0, 2, lambda old: old + 1)}),
    "XD-12 a class of fewer members": ("XD-12", STORY, {"lottery": put("never", lambda old: old + 1)}),
    "XD-12 chances that do not add up": (
        "XD-12",
        STORY,
        {"lottery": put("classes", 0, "blocks", 0, 2, lambda old: old + 10**9)},
    ),
    "XD-12 a plain lottery with a favourite": (
        "XD-12",
        PLAIN_UNITS,
        {"lottery": put("classes", 0, "blocks", 0, 1, 2)},
    ),
    "XD-12 an edge of nobody": ("XD-12", STORY, {"lottery": put("edges", [[1, 999]])}),
    "XD-12 wrong numbers of eligible": ("XD-12", STORY, {"body": put("eligible", 0, lambda old: old + 1)}),
    "XD-21 no links": ("XD-21", STORY, {"part": on(1, lambda m, part: part["links"].clear())}),
    "XD-22 two members who conflict": ("XD-22", STORY, {"lottery": conflicting}),
    "XD-22 two members of one employer": (
        "XD-22",
        PLAIN_UNITS,
        {"leaves": one_unit, "lottery": put("unit_max", 1)},
    ),
    "XD-23 another panel": (
        "XD-23",
        STORY,
        {"transcript": put("result", "panel", 0, 2, lambda old: old - 1 if old else 1)},
    ),
    "XD-23 a member less": ("XD-23", STORY, transcript_edit(lambda t: t["result"]["panel"].pop() and None)),
    "XD-23 void without need": (
        "XD-23",
        STORY,
        {"transcript": put("result", {"state": "void", "panel": []})},
    ),
    "XD-23 not void in spite of all": ("XD-23", VOID, {"transcript": put("result", "state", "complete")}),
    "XD-23 void without an entry": ("XD-23", VOID, {"entry": entries("draws/voided", left_out)}),
    "XD-24 another name": ("XD-24", STORY, {"transcript": put("names", 0, 1, "王五")}),
    "XD-24 another salt of a name": ("XD-24", STORY, {"transcript": put("names", 0, 2, flipped)}),
    "XD-24 a name that is not opened": (
        "XD-24",
        STORY,
        transcript_edit(lambda t: put("names", 0, 0, unopened(t))(None, t)),
    ),
}


def unopened(transcript):
    opened = {row[0] for row in transcript["openings"]}
    return next(place for place in range(transcript["commit"]["pool"]["size"]) if place not in opened)


@pytest.mark.parametrize(("rule", "scenario", "edits"), BROKEN.values(), ids=BROKEN)
def test_a_broken_rule_is_named(rule, scenario, edits):
    assert rule in changed(scenario, **edits)


def test_bytes_that_are_not_canonical_are_refused_before_all_else():
    transcript, policy = made(STORY).files
    for wrong in (
        transcript + b"\n",
        json.dumps(json.loads(transcript)).encode(),
        transcript.replace(b'"attempt":1,', b'"attempt":1.0,', 1),
    ):
        assert rules(wrong, policy) == ["XD-01"]


def test_a_wrong_digest_is_named():
    transcript, policy = made(STORY).files
    said = json.loads(transcript)
    assert rules(canonical(said | {"digest": flipped(said["digest"])}), policy) == ["XD-05"]


def test_the_published_commitment_is_compared():
    draw = made(STORY)
    other = h("other").hex()
    assert rules(*draw.files, draw.digest.hex()) == []
    assert rules(*draw.files, other) == ["XD-13", "XD-25"]
    assert rules(*draw.files, draw.digest.hex(), other) == ["XD-13"]


def test_a_policy_may_be_written_in_any_form_but_must_be_whole():
    transcript, policy = made(STORY).files
    assert rules(transcript, json.dumps(json.loads(policy), indent=1).encode()) == []
    for wrong in (
        b"{",
        b"{}",
        policy.replace(b'"quorum":2', b'"quorum":0'),
        policy.replace(b'"w2"', b'"w1"'),
        policy.replace(b'"supervisor":', b'"auditor":'),
    ):
        assert rules(transcript, wrong) == ["XD-04"]


# Whatever bytes


HOSTILE = {
    "nothing": b"",
    "no text": b"\xff\xfe",
    "deep arrays": b"[" * 10**6,
    "deep and closed arrays": b"[" * 10**6 + b"]" * 10**6,
    "deep objects": b'{"a":' * 10**5 + b"1" + b"}" * 10**5,
    "an open text": b'"\\' + b'\\"' * 10**6,
    "a long integer": b"1" * 10**6,
    "an integer over the limit": b"9007199254740993",
    "a fraction": b"1.5",
    "an exponent": b"1e999",
    "no number": b"NaN",
    "infinity": b"-Infinity",
    "a key twice": b'{"a":1,"a":1}',
    "a key that is not ASCII": '{"ä":1}'.encode(),
    "half a character": b'"\\ud800"',
    "a mark of byte order": b"\xef\xbb\xbf{}",
    "too many bytes": b" " * (16 * 2**20 + 1),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_hostile_bytes_get_a_verdict(content):
    _, policy = made(STORY).files
    assert rules(content, policy) == ["XD-01"]
    assert rules(made(STORY).files[0], content) == ["XD-04"]


@pytest.mark.parametrize(
    "content", [b"[" + b"1," * 10**6 + b"1]", b"[" + b"[]," * 10**6 + b"[]]", b"null", b"0", b'""']
)
def test_other_documents_are_not_of_the_shape(content):
    _, policy = made(STORY).files
    assert rules(content, policy) == ["XD-02"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=4) | st.just("ab" * 32),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from("abc"), inside, max_size=3),
    max_leaves=8,
)


def spots(value, path=()):
    """Every place in a document."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield from spots(one, (*path, key))


SPOTS = {scenario: list(spots(json.loads(made(scenario).files[0])))[1:] for scenario in (ALONE, STORY)}


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_any_value_in_any_place_gets_a_verdict(data):
    scenario = data.draw(st.sampled_from([ALONE, STORY]))
    transcript, policy = made(scenario).files
    said = json.loads(transcript)
    for _ in range(data.draw(st.integers(1, 3))):
        put_somewhere(said, data.draw(st.sampled_from(SPOTS[scenario])), data.draw(JSON | st.integers(0, 40)))
    said["digest"] = h("transcript", canonical({key: one for key, one in said.items() if key != "digest"})).hex()
    found = verify(canonical(said), policy)
    assert found.ok == (not found.findings)
    assert all(re_rule(finding) for finding in found.findings)


def put_somewhere(value, path, new):
    """Put a value at a path, as far as the path still leads somewhere."""
    for step in path[:-1]:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(value, dict | list) and not (isinstance(value, dict) and isinstance(path[-1], int)):
        try:
            value[path[-1]] = new
        except (IndexError, TypeError):
            return


def re_rule(finding):
    return finding.rule[:3] == "XD-" and finding.message.isascii() and "\n" not in finding.message


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_value_in_any_place_of_a_policy_gets_a_verdict(data):
    transcript, policy = made(ALONE).files
    trusted = json.loads(policy)
    put_somewhere(trusted, data.draw(st.sampled_from(list(spots(trusted))[1:])), data.draw(JSON))
    found = verify(transcript, json.dumps(trusted).encode())
    assert found.ok == (not found.findings)


def test_more_work_than_an_honest_draw_takes_is_refused(monkeypatch):
    monkeypatch.setattr(verify_draw, "MAX_WORDS", 4)
    found = verify(*made(ALONE).files).findings
    assert [(one.rule, one.message) for one in found if "work" in one.message] == [
        ("XD-15", "to check it takes more work than an honest draw"),
        ("XD-18", "to check it takes more work than an honest draw"),
    ]


def changed_byte(content, random):
    place, value = random.randrange(len(content)), random.randrange(255)
    return content[:place] + bytes([value + (value >= content[place])]) + content[place + 1 :]


@pytest.mark.parametrize("samples", [200, pytest.param(2_000, marks=pytest.mark.slow)])
def test_any_changed_byte_is_found(samples):
    random = Random(samples)
    stories = [made(scenario).files for scenario in (STORY, ALONE, VOID, IN_ORDER)]
    for number in range(samples):
        transcript, policy = stories[number % len(stories)]
        assert next(findings(changed_byte(transcript, random), policy), None) is not None


# The command line


@pytest.fixture
def files(tmp_path):
    transcript, policy = made(ALONE).files
    (tmp_path / "transcript.json").write_bytes(transcript)
    (tmp_path / "policy.json").write_bytes(policy)
    return [str(tmp_path / "transcript.json"), "--policy", str(tmp_path / "policy.json")]


def test_the_command_says_pass(files, capsys):
    assert main([*files, "--commitment", made(ALONE).digest.hex().upper()]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "note: assurance level of the seed: parties",
        "note: no beacon round shows that the body was not written long before its date",
        "draw verified: PASS",
    ]


def test_the_command_says_each_failed_rule(files, capsys):
    assert main([*files, "--commitment", "ab" * 32]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "XD-13: a published commitment of this lot is not listed",
        "XD-25: the commitment is not the published one",
        "note: assurance level of the seed: parties",
        "note: no beacon round shows that the body was not written long before its date",
        "draw verified: FAIL",
    ]


def test_the_command_cannot_read_a_file(files, capsys):
    assert main(["nowhere\n.json", *files[1:]]) == 2
    said = capsys.readouterr().out
    assert said.startswith("a file cannot be read")
    assert said.count("\n") == 1


def test_the_command_says_when_py_ecc_is_missing(files, capsys, monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "py_ecc"]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, "py_ecc", None)
    transcript, policy = make(Scenario("never verified before", used=1)).files
    verify_draw.is_genuine.cache_clear()
    verify_draw.point_of.cache_clear()
    Path(files[0]).write_bytes(transcript)
    Path(files[2]).write_bytes(policy)
    assert main(files) == 2
    assert "install py_ecc" in capsys.readouterr().out


def test_a_copy_of_the_file_runs_alone(files, tmp_path):
    """Without this project, and without py_ecc where no beacon took part."""
    copy = tmp_path / "verify_draw.py"
    copy.write_bytes(FILE.read_bytes())
    run = subprocess.run(
        [sys.executable, "-I", "-S", copy, *files], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.endswith("draw verified: PASS\n")


def test_a_verdict_is_a_plain_value():
    found = verify(b"", b"")
    assert found == Verdict(
        False, (Finding("XD-01", "the transcript is not canonical JSON of the allowed kind and size"),), ()
    )
