"""Decisions judged: past weeks decided again, and worlds whose demand is known."""
