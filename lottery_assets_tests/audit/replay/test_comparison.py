"""Two documents, field by field."""

import json

from lottery_assets.audit.replay import Difference
from lottery_assets.audit.replay.comparison import differences


def compared(recorded, replayed):
    return differences(json.dumps(recorded).encode(), json.dumps(replayed).encode())


def test_only_fields_that_differ_are_listed_by_their_path():
    old = {"jackpot": 5, "plan": [{"jackpot": 5}, {"jackpot": 6}], "why": {"sentence": "a"}}
    new = {"jackpot": 5, "plan": [{"jackpot": 5}, {"jackpot": 7}], "why": {"sentence": "b"}}
    assert compared(old, new) == (Difference("plan[1].jackpot", 6, 7), Difference("why.sentence", "a", "b"))


def test_fields_of_one_document_alone_are_listed_too():
    assert compared({"a": None, "w": []}, {"b": None, "w": [1]}) == (
        Difference("a", None, None),
        Difference("w", [], None),
        Difference("b", None, None),
        Difference("w[0]", None, 1),
    )


def test_a_number_and_its_text_are_not_the_same():
    assert compared({"a": 1}, {"a": "1"}) == (Difference("a", 1, "1"),)
