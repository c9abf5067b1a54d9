"""`python -m embedded start|stop|status|env`: the embedded servers by hand."""

import argparse
import shlex
import sys

from embedded import services
from embedded.places import state_root


def main() -> int:
    """Run one command; 0 when it did (or, for `status`, when the servers run)."""
    parser = argparse.ArgumentParser(prog="python -m embedded", description=__doc__)
    parser.add_argument("command", choices=["start", "stop", "status", "env"])
    parser.add_argument("--for", dest="purpose", choices=["demo", "tests"], default="demo", help="whose servers (default: demo)")
    asked = parser.parse_args()
    state = state_root() / asked.purpose
    if asked.command == "stop":
        services.stop(state=state)
        return 0
    if asked.command == "status":
        runs = services.running(state=state)
        print("running" if runs else "stopped")
        return 0 if runs else 3
    found = services.ensure(state=state, durable=asked.purpose == "demo")
    prefix = "export " if asked.command == "env" else ""
    print(f"{prefix}DATABASE_URL={shlex.quote(found.database_url)}")
    print(f"{prefix}REDIS_URL={shlex.quote(found.redis_url)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
