"""What people did with a recommendation: approved it, or announced another jackpot; and what came of it.

Belongs here: the records of decisions, the rules and the worth of a jackpot that people chose, the weeks looked back at. Not here: the
recommendation itself (`jackpot`), its publication (`audit`), tables (`report`), the time of day (it comes in).
"""

from lottery_assets.signoff.as_of import reproduced
from lottery_assets.signoff.chosen import Chosen, NotReproduced, chosen, chosen_alone
from lottery_assets.signoff.deciding import Broken, NothingRecommended, Recorded, Sealed
from lottery_assets.signoff.document import JudgedFrom, SignOff
from lottery_assets.signoff.history import LookedBack, advised, looked_back
from lottery_assets.signoff.store import Kept, countries_apart, kept, kept_of_week, weeks_apart
from lottery_assets.signoff.unadvised import Unadvised

__all__ = [
    "Broken",
    "Chosen",
    "JudgedFrom",
    "Kept",
    "LookedBack",
    "NotReproduced",
    "NothingRecommended",
    "Recorded",
    "Sealed",
    "SignOff",
    "Unadvised",
    "advised",
    "chosen",
    "chosen_alone",
    "countries_apart",
    "kept",
    "kept_of_week",
    "looked_back",
    "reproduced",
    "weeks_apart",
]
