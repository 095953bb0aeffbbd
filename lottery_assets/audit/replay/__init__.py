"""Replay: a published week decided again from its recorded inputs, and held against its record byte for byte.

Belongs here: the record (`record`), its sales and configurations (`inputs`), the models
before it (`models`), the code that made it (`code`), the run (`rerun`), and what
differs and why (`comparison`). Not here: how a week is decided; the run is `lottery recommend` itself.
"""

from lottery_assets.audit.replay.comparison import Cause, Difference
from lottery_assets.audit.replay.record import PastRecord, Refused, is_pending, past_record
from lottery_assets.audit.replay.replaying import Places, Replay, replay

__all__ = [
    "Cause",
    "Difference",
    "PastRecord",
    "Places",
    "Refused",
    "Replay",
    "is_pending",
    "past_record",
    "replay",
]
