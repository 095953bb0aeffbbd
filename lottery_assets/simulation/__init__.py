"""Decisions judged: markets whose demand is known, played by policies, and past weeks decided again.

Belongs here: worlds (`world` is what any world offers, `market` plays the project's own, `families` and `calibrated` make them), the
planner who knows (`oracle`), `policies`, `rules` as they truly were, one game (`play`), many at once (`games`) and their `scorecard`; and for
real weeks `hindsight`, with `off_policy` and `announced`. Not here: pages and tables.
"""
