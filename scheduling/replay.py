"""Recompute a draw from its transcript. Standard library only: no numpy, no solver, no service.

``replay`` answers PASS only when the bytes are exactly canonical, every digest, root, contribution and the seed fit,
the lottery is the one the leaves demand, and the panel is the one the seed yields. It never raises, whatever it is fed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from scheduling.artefact import (
    MAX_TRIES,
    Lottery,
    Policy,
    lottery_document,
    lottery_from_document,
    relabel,
    uniform_lottery,
)
from scheduling.canonical import decode
from scheduling.errors import NotCanonicalError
from scheduling.layout import structure_faults
from scheduling.order import Rules, draw_order
from scheduling.portfolio import REPLAY_STEPS, list_panels, portfolio_lottery
from scheduling.seats import seat_lists, seat_plan
from scheduling.transcript import (
    CLASSES,
    GROUNDS,
    PARTIES,
    PID,
    PROTOCOL,
    QUOTAS,
    UNIT,
    commit_digest,
    contribution_commitment,
    draw_seed,
    eligible_counts,
    exclusion_document,
    lottery_hash,
    merkle_root,
    transcript_digest,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that failed.

    Args:
        rule_id: number and name, such as ``XD-05 seed``.
        message: what was found.

    Source: XD-1, verifier
    """

    rule_id: str
    message: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of the verifier.

    Args:
        ok: PASS.
        findings: the rules that failed, in order of number; empty exactly when ``ok``.
        panel: pseudonyms of the panel in the order of the transcript; empty unless ``ok``.

    Source: XD-1, verifier
    """

    ok: bool
    findings: tuple[Finding, ...]
    panel: tuple[str, ...] = ()


_Document = dict[str, Any]


def replay(raw: bytes, expected_commit: str | None = None) -> Verdict:
    """Verify a transcript.

    Args:
        raw: the bytes of the transcript, untrusted.
        expected_commit: the commit digest as it was published before the draw, hex. Without it the verdict only says
            that the transcript is consistent in itself: one who writes a new commitment can write a new transcript.

    Returns:
        the verdict; after a failure of XD-01 to XD-03 nothing further is looked at.

    Source: domain DR-21; XD-1, verifier
    """
    found: list[Finding] = []
    try:
        # One by one, so that an accident in a later check does not lose the findings of the earlier ones.
        for finding in _findings(raw, expected_commit):
            found.append(finding)
        return Verdict(False, tuple(found)) if found else Verdict(True, (), _panel(raw))
    except Exception as error:
        # The last line of defence against hostile input: whatever was overlooked is a FAIL, not a crash.
        return Verdict(False, (*found, Finding("XD-02 structure", f"unreadable: {type(error).__name__}")))


def _panel(raw: bytes) -> tuple[str, ...]:
    document: Any = decode(raw)
    return tuple(document["leaves"][position][PID] for _, position in document["panel"])


def _findings(raw: bytes, expected_commit: str | None) -> Iterator[Finding]:
    try:
        document: Any = decode(raw)
    except NotCanonicalError as error:
        yield Finding("XD-01 bytes", str(error.facts["reason"]))
        return
    wrong = structure_faults(document)
    if wrong:
        yield Finding("XD-02 structure", ", ".join(wrong[:5]))
        return
    if document["protocol"] != PROTOCOL or document["commit"]["protocol"] != PROTOCOL:
        yield Finding("XD-03 protocol", "unknown protocol")
        return
    for rule_id, check in _CHECKS:
        message = check(document)
        if message:
            yield Finding(rule_id, message)
    if expected_commit is not None and document["commit_digest"] != expected_commit:
        yield Finding("XD-14 published commitment", "the transcript belongs to another commitment")


def _digest(document: _Document) -> str:
    return "" if transcript_digest(document) == document["digest"] else "the final digest does not fit"


def _seed(document: _Document) -> str:
    secrets = {party: bytes.fromhex(document["contributions"][party]) for party in PARTIES}
    fits = draw_seed(document["commit_digest"], secrets).hex() == document["seed"]
    return "" if fits else "the seed does not follow from commitment and contributions"


def _commitment(document: _Document) -> str:
    body = document["commit"]
    if commit_digest(body) != document["commit_digest"]:
        return "the commit digest does not fit the committed body"
    if body["attempt"] != len(body["previous"]) + 1:
        return "an earlier attempt is missing or invented"
    return "draw before the opening of its window" if _is_early(body) else ""


def _is_early(body: _Document) -> bool:
    opens_at = body["request"]["draw_opens_at"]
    # Seconds first: "…:00Z" and "…:00.500000Z" do not sort as text.
    return opens_at is not None and _sortable(body["committed_at"]) < _sortable(opens_at)


def _sortable(instant: str) -> str:
    return instant[:-1].ljust(20, ".").ljust(26, "0")


def _contributions(document: _Document) -> str:
    committed = document["commit"]["contributions"]
    if len(set(committed.values())) < len(PARTIES):
        return "two parties gave the same contribution"
    for party in PARTIES:
        if contribution_commitment(bytes.fromhex(document["contributions"][party])) != committed[party]:
            return f"the contribution of {party} is not the committed one"
    return ""


def _pool(document: _Document) -> str:
    body, leaves = document["commit"], document["leaves"]
    pids = [leaf[PID] for leaf in leaves]
    tests: tuple[tuple[Callable[[], bool], str], ...] = (
        (lambda: merkle_root(leaves) == body["pool"]["root"], "the Merkle root does not fit the leaves"),
        (lambda: len(leaves) == body["pool"]["size"], "the size of the pool does not fit"),
        (lambda: pids == sorted(set(pids)), "pseudonyms are not unique and ascending"),
        (lambda: all(_is_ascending(leaf) for leaf in leaves), "a list in a leaf is not ascending"),
        (
            lambda: eligible_counts(leaves, len(body["request"]["quotas"])) == body["eligible"],
            "the numbers of eligible candidates do not fit",
        ),
        (
            lambda: exclusion_document(leaves, body["request"]["k_anonymity"]) == body["excluded"],
            "the exclusion counts do not fit",
        ),
    )
    return next((message for test, message in tests if not test()), "")


def _is_ascending(leaf: list[Any]) -> bool:
    return all(leaf[field] == sorted(set(leaf[field])) for field in (QUOTAS, CLASSES, GROUNDS))


def _eligibility(document: _Document) -> str:
    leaves, request = document["leaves"], document["commit"]["request"]
    # C16 is in force whatever the pack says, Q1 and Q2 are no grounds of a pack.
    in_force = {"C16", "Q1", "Q2", *request["grounds"]}
    if any(bool(leaf[QUOTAS]) == bool(leaf[GROUNDS]) for leaf in leaves):
        return "a candidate is neither eligible nor excluded with a ground, or both"
    if any(not in_force.issuperset(leaf[GROUNDS]) for leaf in leaves):
        return "a candidate is excluded for a ground that is not in force"
    seats = document["panel"] + document["alternates"]
    return "" if all(quota in leaves[place][QUOTAS] for quota, place in seats) else "a drawn person is not eligible"


def _lottery(document: _Document) -> str:
    written = document["lottery"]
    if lottery_hash(written) != document["commit"]["lottery"]:
        return "the lottery is not the committed one"
    request = document["commit"]["request"]
    edges = [tuple(edge) for edge in written["policy"]["edges"]]
    may_pair = "C13" in request["grounds"] or request["co_service_max"] is not None
    if edges != sorted(set(edges)) or any(a >= b for a, b in edges) or (edges and not may_pair):
        return "the pairs that may not sit together are not well formed, or not in force"
    if lottery_document(_expected(document)) != written:
        return "the lottery is not the one that leaves and request demand"
    members = [set(group["members"]) for group in written["classes"]]
    fits = all(
        leaf[CLASSES] == [number for number in leaf[CLASSES] if place in members[number]]
        for place, leaf in enumerate(document["leaves"])
    )
    listed = sum(len(leaf[CLASSES]) for leaf in document["leaves"])
    return "" if fits and listed == sum(map(len, members)) else "the classes in the leaves do not fit the lottery"


def _expected(document: _Document) -> Lottery:
    """Build the lottery anew; only the pairs of relatives are taken as written, leaves do not hold them."""
    request, leaves = document["commit"]["request"], document["leaves"]
    members: list[list[int]] = [[] for _ in request["quotas"]]
    for place, leaf in enumerate(leaves):
        for quota in leaf[QUOTAS]:
            members[quota].append(place)
    counts = [quota["count"] for quota in request["quotas"]]
    seats = seat_plan(counts, request["alternates_per_quota"], [len(group) for group in members])
    employer_max = request["same_employer_max"] if "C14" in request["grounds"] else 0
    edges = tuple((a, b) for a, b in document["lottery"]["policy"]["edges"])
    is_portfolio = document["lottery"]["kind"] == "portfolio"
    policy = Policy(employer_max, edges, "all", is_portfolio, MAX_TRIES)
    units = tuple(leaf[UNIT] for leaf in leaves)
    if is_portfolio:
        lottery = portfolio_lottery(
            list_panels(members, seats, Rules(policy, units), REPLAY_STEPS), seats, policy, units
        )
    else:
        lottery = uniform_lottery(members, seats, policy, units)
    return relabel(lottery, list(range(len(leaves))), units)


def _order(document: _Document) -> str:
    lottery = lottery_from_document(document["lottery"], tuple(leaf[UNIT] for leaf in document["leaves"]))
    drawn = draw_order(lottery, bytes.fromhex(document["seed"]), document["tries"])
    if drawn is None or drawn.tries != document["tries"]:
        return "the number of tries does not fit"
    panel, alternates = seat_lists(lottery.seats, drawn.persons)
    fits = panel == document["panel"] and alternates == document["alternates"]
    return "" if fits else "the seed yields another panel"


def _conflicts(document: _Document) -> str:
    lottery = lottery_from_document(document["lottery"], tuple(leaf[UNIT] for leaf in document["leaves"]))
    rules = Rules(lottery.policy, lottery.units)
    chosen: list[int] = []
    for _, place in document["panel"] + document["alternates"]:
        if not rules.can_join(place, chosen):
            return "two drawn persons are the same, relatives, or from one employer"
        chosen.append(place)
    return ""


def _quotas(document: _Document) -> str:
    request = document["commit"]["request"]
    demand = [(quota["count"], request["alternates_per_quota"]) for quota in request["quotas"]]
    panel, alternates = ([seat[0] for seat in document[name]] for name in ("panel", "alternates"))
    drawn = [(panel.count(number), alternates.count(number)) for number in range(len(demand))]
    return "" if drawn == demand else "a quota has too many or too few persons"


_CHECKS: tuple[tuple[str, Callable[[_Document], str]], ...] = (
    ("XD-04 digest", _digest),
    ("XD-05 seed", _seed),
    ("XD-06 commitment", _commitment),
    ("XD-07 contributions", _contributions),
    ("XD-08 pool", _pool),
    ("XD-09 eligibility", _eligibility),
    ("XD-10 lottery", _lottery),
    ("XD-11 order", _order),
    ("XD-12 conflicts", _conflicts),
    ("XD-13 quotas", _quotas),
)
