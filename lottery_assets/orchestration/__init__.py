"""Dagster: assets, checks, jobs, schedules, resources and IO managers.

Everything here is thin: it loads, calls one function of the room that does the work, and shows the result. No business rule
and no statistics live here.
"""
