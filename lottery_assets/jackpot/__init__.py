"""The decision: the jackpot with the highest expected net revenue that keeps every rule.

Belongs here: the rules, the program that states them, the solver, the independent check, and what to say when nothing is
feasible. Not here: demand (it comes in as tickets), files, pictures.
"""

from lottery_assets.jackpot.decide import Decision, VerificationFailed, decide
from lottery_assets.jackpot.diagnose import NoRecommendation
from lottery_assets.jackpot.plan import RULES, RuleResult
from lottery_assets.jackpot.problem import JackpotProblem, problem
from lottery_assets.jackpot.recommendation import Recommendation, net_revenue_band, recommendation

__all__ = [
    "RULES",
    "Decision",
    "JackpotProblem",
    "NoRecommendation",
    "Recommendation",
    "RuleResult",
    "VerificationFailed",
    "decide",
    "net_revenue_band",
    "problem",
    "recommendation",
]
