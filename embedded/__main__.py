"""`python -m embedded start|stop|status|env|reset`: the embedded servers by hand."""

import argparse
import shlex
import shutil
import sys

from embedded import demo, services
from embedded.places import server_folder, state_root

MADE_HERE = ("demo", "tests", "static", "media", "mail", "fonts")


def main() -> int:
    """Run one command; 0 when it did (or, for `status`, when the servers run)."""
    parser = argparse.ArgumentParser(prog="python -m embedded", description=__doc__)
    parser.add_argument("command", choices=["start", "stop", "status", "env", "reset"])
    parser.add_argument("--for", dest="purpose", choices=["demo", "tests"], default="demo", help="whose servers (default: demo)")
    parser.add_argument("--unless-used", action="store_true", help="stop: leave them when somebody is connected")
    asked = parser.parse_args()
    state = state_root() / asked.purpose
    if asked.command == "stop":
        demo.stop_running(state=state)
        services.stop(state=state, unless_used=asked.unless_used)
        return 0
    if asked.command == "reset":
        reset()
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


def reset() -> None:
    """Stop everything of this checkout and forget all it made: tables, pictures, mails, passwords."""
    root = state_root()
    demo.stop_running(state=root / "demo")
    for purpose in ("demo", "tests"):
        services.stop(state=root / purpose)
        shutil.rmtree(server_folder(state=root / purpose), ignore_errors=True)
    for made in MADE_HERE:  # by name: MARKTRUNDE_STATE may point at a folder that holds other things too
        shutil.rmtree(root / made, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
