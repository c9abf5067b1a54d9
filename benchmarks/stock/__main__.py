"""`python -m benchmarks.stock SIZE…`: measures the stock shop in a process of its own and prints JSON."""

import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.stock.settings"

if __name__ == "__main__":
    from benchmarks.stock import shop

    print(json.dumps(shop.measured(sizes=[int(size) for size in sys.argv[1:]])))
