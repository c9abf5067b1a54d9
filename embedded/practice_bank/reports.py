"""Sends what happened to the market: signed, and on demand late, twice, or in another order."""

import contextlib
import hashlib
import hmac
import json
import queue
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field

from embedded.practice_bank.requests import Json

#: seconds after which a report that nobody took is sent again
PAUSES = (1, 5, 30, 120)


def signature(*, payload: bytes, secret: str, at: int) -> str:
    """The header that proves who sent it."""
    digest = hmac.new(secret.encode(), str(at).encode() + b"." + payload, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


@dataclass
class Reports:
    """Waits for reports and sends them to one address. `held`: they are kept until somebody lets them go."""

    address: str
    secret: str
    held: bool = False
    waiting: list[Json] = field(default_factory=list)
    jobs: "queue.Queue[tuple[float, int, Json]]" = field(default_factory=queue.Queue)

    def start(self) -> None:
        """Send from a thread of its own."""
        threading.Thread(target=self._run, daemon=True).start()

    def add(self, event: Json) -> None:
        """Something happened."""
        if self.held:
            self.waiting.append(event)
        elif self.address:
            self.jobs.put((time.monotonic(), 0, event))

    def steer(self, told: Json) -> list[Json]:
        """Hold reports back, or let them go: `held`, `reverse`, `times`. Gives back what went, in its order."""
        self.held = bool(told["held"])
        if self.held:
            return []
        ordered = list(reversed(self.waiting)) if told.get("reverse") else list(self.waiting)
        events = ordered * int(told.get("times", 1))
        self.waiting.clear()
        for event in events:
            self.add(event)
        return events

    def send(self, event: Json) -> bool:
        """One report; whether the market took it."""
        payload = json.dumps(event).encode()
        signed = signature(payload=payload, secret=self.secret, at=int(time.time()))
        request = urllib.request.Request(  # noqa: S310 - our own market
            self.address, data=payload, headers={"Content-Type": "application/json", "Stripe-Signature": signed}
        )
        with contextlib.suppress(OSError), urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - likewise
            return bool(200 <= answer.status < 300)
        return False

    def _run(self) -> None:
        while True:
            due, tried, event = self.jobs.get()
            if due > time.monotonic():
                time.sleep(0.2)
                self.jobs.put((due, tried, event))
            elif not self.send(event) and tried < len(PAUSES):
                self.jobs.put((time.monotonic() + PAUSES[tried], tried + 1, event))
