"""Versions of the demand model: every fit is kept with its card, gates say which may be champion, and one champion a country recommends.

Belongs here: what is kept of a fit (`card`), where (`home`), which fit may be champion (`gates`), which one is (`champions`), and which
model recommends this week (`recommending`). Not here: how a model is fitted (`demand`), and homes that need AWS (`orchestration`).
"""

from lottery_assets.audit.models.card import Decision, Gate, ModelCard, Stage, Verdict, Version
from lottery_assets.audit.models.champions import champion, promote, rollback, stages
from lottery_assets.audit.models.home import FolderHome, ModelHome
from lottery_assets.audit.models.recommending import (
    RecommendingModel,
    Standing,
    deciding,
    model_provenance,
    recommending,
)

__all__ = [
    "Decision",
    "FolderHome",
    "Gate",
    "ModelCard",
    "ModelHome",
    "RecommendingModel",
    "Stage",
    "Standing",
    "Verdict",
    "Version",
    "champion",
    "deciding",
    "model_provenance",
    "promote",
    "recommending",
    "rollback",
    "stages",
]
