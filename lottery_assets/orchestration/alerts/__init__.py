"""What reaches people: a new recommendation, none, a fault, a run that died, a country that is late, a rule that comes near.

`facts` is what assets leave in the event log for it, `message` what is said, `telling` how facts become messages, `homes` where they
go, `notifier` how they get there once and only once, `ended_runs`, `deadlines` and `sensors` when.
"""
