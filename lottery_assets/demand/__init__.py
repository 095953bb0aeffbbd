"""Demand: how many tickets a week sells at each jackpot, and how sure that is.

Belongs here: what moves sales (`features`, `calendar`, `design`), what is believed of it (`recipe`, `priors`), the regression and
its fit (`filtering`, `breaks`, `fitting`), bands, the curve, the fitted document (`model`, `card`, `cautions`, `endogeneity`), and
its test on past weeks (`backtest`, `metrics`, `baselines`, `natural_experiments`). Not here: money, rules,
and which jackpot to choose.
"""

from lottery_assets.demand.backtest import backtest
from lottery_assets.demand.features import features, meanings
from lottery_assets.demand.fitting import fit, fitted
from lottery_assets.demand.habit import Habit, Stock
from lottery_assets.demand.model import SalesModel
from lottery_assets.demand.natural_experiments import NaturalExperiments, announced_otherwise, natural_experiments
from lottery_assets.demand.priors import document as priors_document
from lottery_assets.demand.recipe import RECIPE, SWITCHES, Recipe
from lottery_assets.demand.scores import Scores, scores
from lottery_assets.demand.tickets import Tickets

__all__ = [
    "RECIPE",
    "SWITCHES",
    "Habit",
    "NaturalExperiments",
    "Recipe",
    "SalesModel",
    "Scores",
    "Stock",
    "Tickets",
    "announced_otherwise",
    "backtest",
    "features",
    "fit",
    "fitted",
    "meanings",
    "natural_experiments",
    "priors_document",
    "scores",
]
