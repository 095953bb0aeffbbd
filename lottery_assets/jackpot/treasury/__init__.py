"""Several countries, one cash pool: decided together after each has its own plan.

Here: the pool in numbers, the program that chooses, its rows, the independent check, what it means for each country, the record.
Not here: a country's own rules (one level up) and the pool's file (`country`).
"""
