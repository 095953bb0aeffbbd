"""Two runs that write the same week of a store on S3 at once, in orders in which their objects may arrive."""

import threading

import pytest
from upath import UPath

from lottery_assets.audit import publication as room
from lottery_assets.audit import publish, verify
from lottery_assets_tests.audit.records import PROVENANCE, sealing

SAME = {"a": b"same", "b": b"same"}
OTHER = {"a": b"one", "b": b"two"}
ORDERS = [
    *((order, SAME) for order in ("aaabbb", "aabbab", "abbbaa", "abbaba", "ababab")),
    ("ababab", OTHER),
    ("abbbaa", OTHER),
]


class Turns:
    """Lets each of two runs put one object when it is its turn; after the last turn, and where the other has ended, all may."""

    def __init__(self, order: str) -> None:
        self.order, self.ended, self.changed = list(order), set[str](), threading.Condition()

    def __call__(self, put_new):
        def waiting(target, content):
            name = threading.current_thread().name
            with self.changed:
                assert self.changed.wait_for(lambda: self._may(name), timeout=30)
                if name in self.order:
                    self.order.remove(name)
                done = put_new(target, content)
                self.changed.notify_all()
            return done

        return waiting

    def _may(self, name: str) -> bool:
        return not self.order or self.order[0] == name or self.order[0] in self.ended

    def end(self, name: str) -> None:
        with self.changed:
            self.ended.add(name)
            self.changed.notify_all()


def run(artifacts: str, turns: Turns, name: str, document: bytes) -> None:
    try:
        made = PROVENANCE.model_copy(update={"dagster_run_id": name})
        page = f"<p>{name}".encode
        publish(artifacts, "brazil", "2026-09-07", document, sealing(made, document), page=page)
    finally:
        turns.end(name)


@pytest.mark.parametrize(("order", "answers"), ORDERS)
def test_every_record_is_wholly_of_one_run(bucket, monkeypatch, order, answers):
    turns = Turns(order)
    monkeypatch.setattr(room, "put_new", turns(room.put_new))
    artifacts = f"{bucket}/artifacts"
    runs = [threading.Thread(target=run, name=n, args=(artifacts, turns, n, answers[n])) for n in answers]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    found = room.revisions(artifacts, "brazil", "2026-09-07")
    assert 1 <= len(found) <= 2
    for folder in found:
        by = room.METADATA, room.REPORT
        metadata, page = ((folder / name).read_text() for name in by)
        name = page.removeprefix("<p>")
        assert f'"dagster_run_id": "{name}"' in metadata
        assert (folder / room.RECOMMENDATION).read_bytes() == answers[name]
    assert {(folder / room.RECOMMENDATION).read_bytes() for folder in found} == set(answers.values())
    assert verify(artifacts).findings == ()
    assert UPath(found[-1]) == room.latest(artifacts, "brazil", "2026-09-07")
