"""`python -m lottery_assets.country [configs/README.md]`."""

import sys

from lottery_assets.country.reference import main

main(sys.argv[1:])
