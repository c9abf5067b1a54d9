"""`python -m embedded.practice_bank --port 8090 --market http://…/`: the practice bank until Ctrl-C."""

import argparse
import threading
from pathlib import Path

from embedded.practice_bank.bank import Bank
from embedded.practice_bank.reports import Reports
from embedded.practice_bank.server import Server
from embedded.processes import HOST


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(prog="python -m embedded.practice_bank", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--reports-to", default="", help="address that is told what happened")
    parser.add_argument("--secret", default="", help="what reports are signed with")
    parser.add_argument("--state", type=Path, default=None, help="file in which everything is kept")
    parser.add_argument("--debit-seconds", type=int, default=20, help="how long a debit takes")
    asked = parser.parse_args()
    reports = Reports(address=asked.reports_to, secret=asked.secret)
    address = f"http://{HOST}:{asked.port}"
    bank = Bank(address=address, report=reports.add, file=asked.state, debit_seconds=asked.debit_seconds)
    bank.load()
    server = Server((HOST, asked.port), bank=bank, reports=reports)
    reports.start()
    threading.Thread(target=server.keep_time, daemon=True).start()
    server.serve_forever()


if __name__ == "__main__":
    main()
