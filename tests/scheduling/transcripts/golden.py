"""Writes the golden transcripts: ``python -m tests.scheduling.transcripts.golden``. Equal code writes equal bytes."""

import json
from pathlib import Path

from scheduling.verify_draw import verify
from tests.scheduling.transcripts.cheats import PLAIN_STORY
from tests.scheduling.transcripts.cheats_of_chance import CATALOGUE
from tests.scheduling.transcripts.maker import make
from tests.scheduling.transcripts.scenarios import Scenario

FOLDER = Path(__file__).parents[1] / "golden"
HONEST = {
    "honest-public": PLAIN_STORY,
    "honest-federated": Scenario("golden federated", used=1, method="plain", outcomes=("no-answer",)),
    "honest-parties": Scenario("golden parties", levels=("parties",), latest=False, previous=1),
    "honest-in-order": Scenario("golden in order", replacement="next_in_order", outcomes=("declined", "absent")),
    "honest-void": Scenario("golden void", outcomes=("declined", "withdrawn", "conflict"), max_skips=2),
}
CHOSEN = {
    1: "all witnesses see it after the round",
    2: "it knows a round of the future",
    3: "a friend's leaf in the pool",
    4: "the neighbour's leaf and proof",
    5: "the first was skipped",
    6: "a record signed by the centre",
    7: "the last attempt is not told of",
    8: "a round of a chain of the own",
    9: "the index skips a link",
    10: "two parties without a beacon",
    11: "the seed counts from two",
    12: "the witnesses of the commitment saw another ledger",
    13: "the body names the national suite",
    14: "a lower quorum",
}


def chosen():
    """Name, transcript, policy and published digests of every golden case."""
    for name, scenario in HONEST.items():
        yield name, *make(scenario).files, ()
    for number, (cheats, variant) in enumerate(zip(CATALOGUE.values(), CHOSEN.values(), strict=True), start=1):
        cheat = next(cheat for cheat in cheats if cheat.name == variant)
        yield f"cheat-{number:02}", *make(cheat.scenario, **cheat.edits).files, cheat.published


def golden_files():
    """Name to bytes of all files; ``index.json`` tells the rules that fail."""
    files, index, policies = {}, {}, {}
    for name, transcript, policy, published in chosen():
        policies.setdefault(policy, f"policy-{len(policies) + 1}.json")
        files[f"{name}.json"], files[policies[policy]] = transcript, policy
        fails = [finding.rule for finding in verify(transcript, policy, published).findings]
        index[name] = {"policy": policies[policy], "published": list(published), "fails": fails}
    files["index.json"] = json.dumps(index, indent=1).encode() + b"\n"
    return files


def write():
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.json"):
        old.unlink()
    for name, content in golden_files().items():
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    write()
