"""The account of a draw in steps: what was done, when, and what the step is there to prove.

It repeats what the transcript says and checks nothing; that is for `scheduling.verify_draw`.

Source: docs/protocol/draw.md
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

import msgspec

from expert_hub.draws.explaining.account_form import OUTCOMES, Grid, Step, Story, checkpoint_line, moment
from expert_hub.draws.explaining.transcript_form import BeaconForm, EntryForm, PlanForm
from expert_hub.draws.explaining.wording import LEVELS, mark, named, percent
from scheduling.artefact import INCLUSION_SCALE


def steps_of(story: Story) -> list[Step]:
    """All steps of a draw in the order in which they happened."""
    steps = [_commitment(story), _witnesses(story), _links(story), _beacon(story), _order(story), _outcomes(story)]
    if story.transcript.replacements:
        steps.append(_replacements(story))
    return [*steps, _closing(story)]


def _commitment(story: Story) -> Step:
    say, commit = story.say, story.transcript.commit
    at, pool = moment(commit.committed_at), commit.pool
    facts = [
        say(
            f"抽取 {commit.draw}，标包 {commit.subject}，第 {commit.attempt} 次",
            f"Draw {commit.draw} of lot {commit.subject}, attempt {commit.attempt}",
        ),
        say(f"承诺时间 {at}；由中心和监督人员签名", f"Committed {at}; signed by centre and supervisor"),
        say(
            f"固定了抽取申请、{pool.size:,} 人的专家库快照（{pool.eligible:,} 人可被抽取）和每人的入选概率",
            f"It fixed the request, a pool of {pool.size:,} people ({pool.eligible:,} eligible) and everybody's chance",
        ),
        *(_logged(story, entry) for entry in story.entries.values() if _commits(entry, commit.draw)),
    ]
    if commit.previous:
        count = len(commit.previous)
        facts.append(
            say(f"此前尝试 {count} 次，均已列明", f"It names {count} earlier {'attempt' if count == 1 else 'attempts'}")
        )
    return Step(
        say("承诺：先固定，后随机", "Commitment: fixed before chance"),
        facts,
        say(
            "申请、名单和概率在随机数产生之前就已固定，谁也不能按想要的人选去调整。",
            "Request, pool and chances stood before the randomness existed; nobody could shape them towards a name.",
        ),
    )


def _commits(entry: EntryForm, draw: str) -> bool:
    return entry.kind == "draws/committed" and entry.subject == draw


def _logged(story: Story, entry: EntryForm) -> str:
    digest, at = str(entry.body.get("commit", ""))[:64], moment(entry.at)
    return story.say(
        f"存证账本第 {entry.index} 条，{at}，摘要 {digest}", f"Ledger entry {entry.index}, {at}, digest {digest}"
    )


def _witnesses(story: Story) -> Step:
    say = story.say
    return Step(
        say("见证：账本检查点", "Witnesses: checkpoint of the ledger"),
        [checkpoint_line(story, story.transcript.stamp.checkpoint)],
        say(
            "承诺当时已在账本中，事后补作或悄悄更换都会露出破绽。",
            "The commitment was in the ledger by then; made later or exchanged, it would show.",
        ),
    )


def _links(story: Story) -> Step:
    say, transcript = story.say, story.transcript
    facts = [
        say(f"{link.party}：哈希链第 {link.index} 环", f"{link.party}: link {link.index} of its hash chain")
        for link in transcript.commit.parties
    ]
    facts += [_escrowed(story, party) for party in transcript.seed.escrowed]
    return Step(
        say("各方贡献：哈希链", "Contributions: hash chains"),
        facts,
        say(
            "各方的值早在登记链时就已确定并按顺序使用，无法临时挑选；只要有一方诚实，结果就不受操纵。",
            "Each value was settled when its chain was registered and is used in order, so nobody picked it; one honest"
            " party is enough.",
        ),
    )


def _escrowed(story: Story, party: str) -> str:
    return story.say(
        f"{party} 未公布，由托管份额还原（数值相同）",
        f"{party} withheld its link; escrow opened it, the value is the same",
    )


def _beacon(story: Story) -> Step:
    say, transcript = story.say, story.transcript
    facts = [_randomness(story, transcript.seed.level, transcript.seed.beacon)]
    facts += _fallback(story, transcript.commit.plan, transcript.seed.level)
    return Step(
        say("随机数：信标", "Randomness: beacon"),
        facts,
        _purpose_of_beacon(story),
    )


def _fallback(story: Story, plan: Sequence[PlanForm], level: str) -> list[str]:
    if not plan or plan[0].level == level:
        return []
    was = named(LEVELS, plan[0].level, story.language)
    return [
        story.say(
            f"原定来源为{was}，按承诺的备用顺序改用",
            f"The first choice was the {was}; the committed fallback order was followed",
        )
    ]


def _plan_of(story: Story, index: int) -> list[PlanForm]:
    """The plan in the entry of a vacancy; none where the entry is missing or holds none."""
    entry = story.entries.get(index)
    try:
        return msgspec.convert(entry.body.get("plan") if entry else [], list[PlanForm])
    except msgspec.ValidationError:
        return []


def _purpose_of_beacon(story: Story) -> str:
    if story.transcript.seed.beacon is None:
        return story.say(
            "没有信标，随机数只来自各方贡献：只要有一方诚实，就无法预知。",
            "There was no beacon, the randomness is the parties' links alone: one honest party keeps it unforeseen.",
        )
    return story.say(
        "随机数在承诺之后才产生，任何人都不能预知，也不能重来一次。",
        "The randomness came into being after the commitment; nobody could foresee it or try again.",
    )


def _randomness(story: Story, level: str, beacon: BeaconForm | None) -> str:
    name = named(LEVELS, level, story.language)
    if beacon is None:
        return story.say(f"可信等级：{name}", f"Assurance level: {name}")
    chain = beacon.chain[:16]
    return story.say(
        f"可信等级：{name}，链 {chain}… 第 {beacon.round} 轮",
        f"Assurance level: {name}, chain {chain}…, round {beacon.round}",
    )


def _order(story: Story) -> Step:
    say, drawn = story.say, story.transcript.drawn
    seed = story.transcript.seed.value[:16]
    rows = [(str(seat), *_seated(story, quota, position)) for seat, (quota, position) in enumerate(drawn)]
    return Step(
        say("抽取：按随机流确定席位", "Drawing: seats from the stream"),
        [say(f"共抽取 {len(drawn)} 席；种子 {seed}…", f"{len(drawn)} seats drawn; seed {seed}…")],
        say(
            "由种子出发，任何人都能算出同样的席位，没有跳过或替换的余地。",
            "From the seed anyone computes the same seats; there is no room to skip or exchange.",
        ),
        Grid(_seat_heads(story), rows),
    )


def _seat_heads(story: Story) -> tuple[str, ...]:
    if story.language == "zh":
        return "席位", "条件组", "池中位置", "抽取前的概率"
    return "seat", "quota", "position in the pool", "chance beforehand"


def _seated(story: Story, quota: int, position: int) -> tuple[str, str, str]:
    label = f"{mark(quota)} {story.quotas[quota].speciality}"
    return label, _who(story, position), _chance(story, position)


def _who(story: Story, position: int) -> str:
    names = [name for at, name, _ in story.transcript.names if at == position]
    return f"{position} {names[0]}" if names else str(position)


def _chance(story: Story, position: int) -> str:
    blocks = [block for group in story.transcript.lottery.classes for block in group.blocks]
    ends = list(accumulate(count for count, _, _ in blocks))
    at = bisect_right(ends, position)
    return percent(blocks[at][2] / INCLUSION_SCALE) if at < len(blocks) else "–"


def _outcomes(story: Story) -> Step:
    say = story.say
    rows = []
    for item in story.transcript.outcomes:
        entry = story.entries.get(item.entry) if item.entry is not None else None
        kind = named(OUTCOMES, item.outcome, story.language)
        rows.append(
            (str(item.number), str(item.seat), _who(story, item.position), kind, moment(entry.at) if entry else "–")
        )
    heads = story.say("抽取次序|席位|池中位置|结论|时间", "drawing|seat|position|outcome|time").split("|")
    return Step(
        say("结果：每位被抽中者一个结论", "Outcomes: one for everybody drawn"),
        [],
        say(
            "每位被抽中者恰有一个记入账本的结论并附证据，谁也不会被悄悄跳过。",
            "Everybody drawn has exactly one outcome in the ledger, with evidence; nobody is passed over in silence.",
        ),
        Grid(tuple(heads), rows),
    )


def _replacements(story: Story) -> Step:
    say = story.say
    facts, rows = [], []
    for item in story.transcript.replacements:
        source = say("按备选顺序递补，人选可预知", "next in order: the name could be foreseen")
        if item.level is not None:
            source = _randomness(story, item.level, item.beacon)
        facts.append(say(f"第 {item.number} 次补抽：{source}", f"Replacement {item.number}: {source}"))
        if item.level is not None:
            facts += _fallback(story, _plan_of(story, item.entry), item.level)
        facts += [_escrowed(story, party) for party in item.escrowed]
        rows += [(str(seat), *_seated(story, quota, position)) for seat, quota, position in item.drawn]
    return Step(
        say("补抽", "Replacements"),
        facts,
        say(
            "空缺出现之后才取新的随机数，在已确认成员的条件下按同一方案抽取，下一位无法预知。",
            "Fresh randomness from after the vacancy, the same lottery given the members who stay: the next name cannot"
            " be foreseen.",
        ),
        Grid(_seat_heads(story), rows),
    )


def _closing(story: Story) -> Step:
    say, result = story.say, story.transcript.result
    if result.state == "void":
        facts = [say("抽取作废，没有成员名单", "The draw is void; there is no panel")]
    else:
        seats = say("；", "; ").join(f"{seat}: {_who(story, position)}" for seat, _, position in result.panel)
        facts = [say(f"成员（席位：位置）{seats}", f"Panel (seat: position) {seats}")]
    return Step(
        say("封存", "Closing"),
        [*facts, checkpoint_line(story, story.transcript.close)],
        say(
            "全部记录由会签的检查点锁定，任何一字节改动都能查出。",
            "A cosigned checkpoint holds all of it; one changed byte shows.",
        ),
    )
