import time

from benchmarks.room_load import Crowd, Member, Tally, _Group

ITEMS = [("b1", "T1", "2")]


class Silent:
    def __init__(self):
        self.sent = []

    def send(self, octets):
        self.sent.append(octets)


def member(name="a-0"):
    found = Member(name, ("/p", "t", "g"), ITEMS)
    found.socket = Silent()
    return found


def test_scores_of_one_member_are_within_the_marks_and_have_ids_of_their_own():
    one = member()
    for _ in range(6):
        one.score(0.0)
    texts = [octets.decode(errors="ignore") for octets in one.socket.sent]
    assert [text.partition('"value":"')[2].partition('"')[0] for text in texts] == ["0", "0.5", "1", "1.5", "2", "0"]
    assert len({text.partition('"command_id":"')[2].partition('"')[0] for text in texts}) == 6


def test_times_and_refusals_are_counted():
    tally, one = Tally(), member()
    for milliseconds in range(100, 0, -1):
        one.since = time.perf_counter() - milliseconds / 1000
        tally.take(one, b'{"kind":"ack","command_id":"x","version":1}')
    tally.take(one, b'{"kind":"refusal","command_id":"x","problem":{"code":"room/wrong-stage"}}')
    found = tally.summary(2)
    assert (found["acks"], found["per_s"], found["refused"]) == (100, 50, {"room/wrong-stage": 1})
    assert found["p50"] < found["p99"] <= found["max"]
    assert found["p50"] >= 50


def test_a_round_ends_when_the_last_socket_has_heard():
    sender, other = member("a-0"), member("a-1")
    group = _Group(sender)
    group.members += [sender, other]
    group.begin(time.perf_counter() + 60)
    sender._take(None, b'{"kind":"changes","version":5,"from":4,"set":{},"unset":[]}')
    sender._take(None, b'{"kind":"ack","command_id":"a-0-1","version":5}')
    assert (group.rounds, len(sender.socket.sent)) == (0, 1)
    other._take(None, b'{"kind":"changes","version":5,"from":4,"set":{},"unset":[]}')
    assert (group.rounds, len(sender.socket.sent), group.heard) == (1, 2, 2)


async def test_what_never_got_its_turn_counts_with_the_time_it_waited():
    crowd = Crowd({"host": "127.0.0.1", "port": 1, "run": "a", "places": [("/p", "t", "g")], "items": ITEMS})
    crowd.members[0].socket = Silent()
    found = await crowd.open({"rate": 100, "seconds": 0.1, "drain_s": 0})
    assert (found["acks"], found["unsent"], found["unanswered"]) == (0, 9, 1)
    assert found["p50"] > 0
