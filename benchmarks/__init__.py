"""What is measured, how, against what: `make bench` prints every table. No test depends on a clock."""
