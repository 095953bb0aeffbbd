"""The decision: the jackpot with the highest expected net revenue that keeps every rule.

Belongs here: the rules, the program that states them, the solver, the independent check, and what to say when nothing is
feasible. Not here: demand (it comes in as tickets), files, pictures.
"""

from lottery_assets.jackpot.ahead import Outlook, cautions, decide_ahead, worth
from lottery_assets.jackpot.decide import Decision, VerificationFailed, decide
from lottery_assets.jackpot.diagnose import NoRecommendation
from lottery_assets.jackpot.experiment import Announced, Experiment, experiment
from lottery_assets.jackpot.explain import Reasons, explain, would_lose
from lottery_assets.jackpot.horizon import Horizon, horizon
from lottery_assets.jackpot.plan import RULES, RuleResult
from lottery_assets.jackpot.problem import JackpotProblem, Money, money, problem
from lottery_assets.jackpot.recommendation import ApproachingRule, Recommendation, net_revenue_band, recommendation
from lottery_assets.jackpot.treasury.membership import member, pool, reserve
from lottery_assets.jackpot.treasury.pool import Member, Pool, Reserve
from lottery_assets.jackpot.treasury.record import (
    PENDING,
    TreasuryRecord,
    in_the_pool,
    pending,
    shared_cautions,
    treasury_record,
)
from lottery_assets.jackpot.treasury.share import Share, share
from lottery_assets.jackpot.treasury.together import Joint, decide_together, refusal

__all__ = [
    "PENDING",
    "RULES",
    "Announced",
    "ApproachingRule",
    "Decision",
    "Experiment",
    "Horizon",
    "JackpotProblem",
    "Joint",
    "Member",
    "Money",
    "NoRecommendation",
    "Outlook",
    "Pool",
    "Reasons",
    "Recommendation",
    "Reserve",
    "RuleResult",
    "Share",
    "TreasuryRecord",
    "VerificationFailed",
    "cautions",
    "decide",
    "decide_ahead",
    "decide_together",
    "experiment",
    "explain",
    "horizon",
    "in_the_pool",
    "member",
    "money",
    "net_revenue_band",
    "pending",
    "pool",
    "problem",
    "recommendation",
    "refusal",
    "reserve",
    "share",
    "shared_cautions",
    "treasury_record",
    "worth",
    "would_lose",
]
