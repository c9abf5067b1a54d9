"""What a test asks of the practice bank: customers who pay, time that passes, and things that go wrong."""

import contextlib
import json
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from embedded.practice_bank.reports import signature
from embedded.processes import HOST, answers, await_true, free_port

SECRET = "whsec_practice"


class _Stay(urllib.request.HTTPRedirectHandler):
    """The market to which the bank sends customers back is not running."""

    def redirect_request(self, *_told: Any) -> None:
        return None


@contextlib.contextmanager
def running(*, debit_seconds: int) -> Iterator[str]:
    """The bank as a process of its own, at the address that is given."""
    port = free_port()
    asked = ["--port", str(port), "--debit-seconds", str(debit_seconds)]
    process = subprocess.Popen([sys.executable, "-m", "embedded.practice_bank", *asked])
    try:
        assert await_true(lambda: answers(port=port), seconds=20)
        yield f"http://{HOST}:{port}"
    finally:
        process.terminate()
        process.wait()


@dataclass
class PracticeBank:
    """The bank at its address, and the account of this test."""

    address: str
    account: str

    def pay(self, url: str, means: str = "karte") -> None:
        """A customer pays on the bank's page."""
        self.send(url, {"means": means})

    def send(self, url: str, told: dict[str, str]) -> None:
        """Somebody fills in a form of the bank."""
        opener = urllib.request.build_opener(_Stay())
        with contextlib.suppress(urllib.error.HTTPError):  # on the way back to the market
            opener.open(url, data=urllib.parse.urlencode(told).encode())

    def do(self, do: str, **told: Any) -> dict[str, Any]:
        """Have the bank do something that no provider offers."""
        body = json.dumps({"do": do, "account": self.account, **told}).encode()
        with urllib.request.urlopen(f"{self.address}/uebung", data=body) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def fault(self, path: str, kind: str, times: int = 1, methods: tuple[str, ...] = ("GET", "POST")) -> None:
        """Something goes wrong the next time."""
        self.do("fault", path=path, kind=kind, times=times, methods=methods)

    def set_clock(self, at: datetime) -> None:
        """The bank lives in the time of the test."""
        self.do("clock", moment=at.timestamp())

    def let_time_work(self, at: datetime) -> None:
        """It is that moment: debits are settled, holds and pages that ran out are over."""
        self.do("clock", moment=at.timestamp(), works=True)

    def things(self, kind: str) -> list[dict[str, Any]]:
        """What the bank keeps of that kind."""
        return [row for row in self.do("read")["things"] if row["object"] == kind]

    def thing(self, number: str) -> dict[str, Any]:
        """One of them."""
        (found,) = self.do("read", number=number)["things"]
        return dict(found)


def signed(event: dict[str, Any], *, at: float, secret: str = SECRET) -> tuple[bytes, str]:
    """A report and its signature."""
    payload = json.dumps(event).encode()
    return payload, signature(payload=payload, secret=secret, at=int(at))
