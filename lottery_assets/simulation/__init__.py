"""Simulation: markets whose demand is known, policies that play them, and what each earned beside a planner who knows.

Belongs here: worlds (`world` is what any world offers, `market` plays the project's own, `families` and `calibrated` make them), the
planner who knows (`oracle`), `policies`, one game (`play`), many games at once (`games`), and `scorecard`. Not here: pages and tables.
"""
