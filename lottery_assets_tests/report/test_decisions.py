"""Past decisions on the terminal: three figures a country, never one; where history cannot say, that is said."""

import io

from rich.console import Console

from lottery_assets.report.decisions import decisions_table
from lottery_assets.simulation.hindsight import LIMITS, Hindsight
from lottery_assets.simulation.off_policy import Comparison, DoublyRobust

MODEL = Comparison(
    weeks=100, share=1.0, difference=4.2, band_80=(1.5, 7.0), expected=50.0, earned=49.0, surprise_se=0.8
)
NEAR = Comparison(weeks=0, share=0.0, difference=None, band_80=None, expected=None, earned=None, surprise_se=None)


def shown(robust: DoublyRobust, near: Comparison = NEAR) -> str:
    console = Console(width=80, record=True, file=io.StringIO())
    its = Hindsight(
        currency="EUR",
        weeks=100,
        left_out={"special_draw": 4},
        announced_breaks={"payout_ratio_floor": 70},
        model=MODEL,
        near=near,
        doubly_robust=robust,
    )
    console.print(decisions_table({"atlantis": its}))
    return " ".join(console.export_text().split())


def test_history_that_cannot_say_is_told_so_beside_the_model_s_own_estimate():
    text = shown(
        DoublyRobust(
            difference=None, standard_error=None, effective_weeks=3, mean_weight=0.1, says="history cannot say: why"
        )
    )
    assert "+4.2 (80 %: +1.5 to +7)" in text
    assert "expected 50, earned 49 +- 0.8" in text
    assert "null; history cannot say: why" in text
    assert "100 compared; left out: 4 special draw" in text
    assert "announced breaks payout_ratio_floor in 70" in text
    assert "near no week" in text
    assert "It marks its own work" in text
    assert " ".join(LIMITS[0].split()) in text


def test_a_doubly_robust_figure_shows_its_error_and_what_it_rests_on():
    robust = DoublyRobust(
        difference=3.1, standard_error=1.04, effective_weeks=31, mean_weight=0.9, says="rests on 31 effective weeks"
    )
    near = MODEL.model_copy(update={"weeks": 8, "share": 0.08})
    text = shown(robust, near)
    assert "+3.1 +- 1; rests on 31 effective weeks" in text
    assert "8 weeks (8%): +4.2" in text
