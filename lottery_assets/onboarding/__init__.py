"""A new country: what its rows say, a configuration proposed from them, and what they cannot support yet.

Belongs here: reading rows before there is a configuration, the questions that rows do not answer, the proposed YAML. Not here:
what a key may hold (`country`), the first recommendation (`weekly`), how all of it is shown (`report`).
"""

from lottery_assets.onboarding.evidence import Evidence, evidence
from lottery_assets.onboarding.limits import limits
from lottery_assets.onboarding.proposal import Proposal, proposal, refuse_faults, unanswered, write
from lottery_assets.onboarding.questions import Question, questions

__all__ = [
    "Evidence",
    "Proposal",
    "Question",
    "evidence",
    "limits",
    "proposal",
    "questions",
    "refuse_faults",
    "unanswered",
    "write",
]
