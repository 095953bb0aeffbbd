"""Prints all tables: `python -m benchmarks`."""

from benchmarks import decision, weekly

if __name__ == "__main__":
    for table in (weekly.table, decision.table):
        print(table(), end="\n\n", flush=True)
