"""The practice bank as a web server on this machine."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from embedded.practice_bank import answers, pages, producers
from embedded.practice_bank.bank import Account, Bank, now
from embedded.practice_bank.means import MEANS
from embedded.practice_bank.reports import Reports
from embedded.practice_bank.requests import VERSION, Asked, Json, Refused, nested

POLICY = "default-src 'none'; style-src 'self'; form-action *; frame-ancestors 'none'; base-uri 'none'"

#: what happens on a producer's account beyond what a provider offers
OF_PRODUCERS = {"close_account": producers.close, "pay_on": producers.pay_on, "come_back": producers.come_back}


@dataclass
class Faults:
    """What goes wrong next: each is `{"path": start of the path, "kind": …, "times": n, "methods": […]}`."""

    planned: list[Json] = field(default_factory=list)

    def plan(self, told: Json) -> None:
        """One more, or from now on none."""
        if told["do"] == "no_faults":
            self.planned.clear()
        else:
            usual = {"times": 1, "methods": ["GET", "POST"]}
            self.planned.append(usual | {name: told[name] for name in told if name != "do"})

    def next_for(self, method: str, path: str) -> str:
        """The kind of the fault that a request meets: "", "drop", "timeout", or a status like "500"."""
        for fault in self.planned:
            if path.startswith(fault["path"]) and method in fault["methods"]:
                fault["times"] -= 1
                if fault["times"] <= 0:
                    self.planned.remove(fault)
                return str(fault["kind"])
        return ""


class Server(ThreadingHTTPServer):
    """Keeps bank, reports and faults; one question is answered after the other."""

    daemon_threads = True

    def __init__(self, place: tuple[str, int], *, bank: Bank, reports: Reports) -> None:
        super().__init__(place, Handler)
        self.bank, self.reports, self.faults, self.lock = bank, reports, Faults(), threading.RLock()

    def keep_time(self) -> None:
        """Let time do its work, in a thread of its own."""
        while True:
            time.sleep(1)
            with self.lock:
                self.bank.tick()


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server

    def do_GET(self) -> None:
        """Read."""
        self._handle("GET")

    def do_POST(self) -> None:
        """Change."""
        self._handle("POST")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged: an address holds the number of a payment."""

    def _handle(self, method: str) -> None:
        place = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        with self.server.lock:
            if place.path.startswith("/v1/"):
                self._answer_program(method, place.path, place.query if method == "GET" else body)
            elif place.path.startswith("/bezahlen/"):
                self._answer_customer(method, place.path.removeprefix("/bezahlen/"), body)
            elif place.path.startswith("/konto/"):
                self._answer_producer(method, place.path.removeprefix("/konto/"), body)
            elif place.path == "/uebung" and method == "POST":
                self._json(200, self._practise(json.loads(body)))
            elif place.path == "/spielen" and method == "POST":
                self._play({name: values[0] for name, values in parse_qs(body).items()})
            elif place.path == "/stil.css":
                self._send(200, pages.STYLE, "text/css")
            elif place.path == "/":
                self._send(200, pages.overview(accounts=self.server.bank.accounts))
            else:
                self._send(404, pages.over(back="/"))

    # the market's program

    def _answer_program(self, method: str, path: str, body: str) -> None:
        fault = self.server.faults.next_for(method, path)
        if fault == "drop":
            self.close_connection = True
            return
        if fault.isdigit():
            kind = "rate_limit_error" if fault == "429" else "api_error"
            self._json(int(fault), Refused(int(fault), "Please try again.", kind=kind).body)
            return
        key = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if not key.startswith("sk_test_"):
            self._json(401, Refused(401, "You did not provide an API key of this practice bank.").body)
            return
        if self.headers.get("Stripe-Version") != VERSION:
            self._json(400, Refused(400, f"Only version {VERSION} is spoken here.").body)
            return
        asked = Asked(
            account=key,
            method=method,
            path=path,
            fields=nested(body),
            body=body,
            idempotency_key=self.headers.get("Idempotency-Key", ""),
        )
        status, told = answers.answer(self.server.bank, asked)
        if fault == "timeout":
            self.close_connection = True
            return
        self._json(status, told)

    # customers

    def _answer_customer(self, method: str, number: str, body: str) -> None:
        account, session = self._session(number)
        if session is None or account is None or session["status"] != "open":
            self._send(410 if session else 404, pages.over(back=(session or {}).get("success_url") or "/"))
            return
        if method == "GET":
            self._send(200, pages.pay(session=session, declined=False))
            return
        means = parse_qs(body).get("means", [""])[0]
        if means not in MEANS or MEANS[means].type not in session["payment_method_types"]:
            self._send(422, pages.pay(session=session, declined=True))
            return
        paid = self.server.bank.finish_page(account, session, means)
        self.server.bank.save()
        if not paid:
            self._send(200, pages.pay(session=session, declined=True))
            return
        self._redirect(session["success_url"])

    def _session(self, number: str) -> tuple[Account | None, Json | None]:
        for account in self.server.bank.accounts.values():
            found = account.things.get(number)
            if found is not None and found["object"] == "checkout.session":
                return account, found
        return None, None

    def _answer_producer(self, method: str, number: str, body: str) -> None:
        """The page on which a producer tells who it is; a link that was used leads back to a new one."""
        account = next((one for one in self.server.bank.accounts.values() if number in one.plans), None)
        if account is None or not number.startswith("link_"):
            self._send(404, pages.over(back="/"))
            return
        link = account.plans[number]
        if now() >= link["until"]:
            self._redirect(link["refresh_url"])
        elif method == "GET":
            self._send(200, pages.framed("Auszahlungskonto", producers.page(link)))
        else:
            producers.finish(self.server.bank, account, number, complete=parse_qs(body).get("told") == ["all"])
            self.server.bank.save()
            self._redirect(link["return_url"])

    # who plays the bank

    def _play(self, told: dict[str, str]) -> None:
        account = self.server.bank.accounts.get(told.get("account", ""))
        if account is not None and "payout" in told:
            self.server.bank.pay_out(account)
        elif account is not None and told.get("dispute") in account.things:
            intent = account.things[told["dispute"]]
            if not account.things[intent["latest_charge"]]["disputed"]:
                self.server.bank.dispute(account, intent)
        self.server.bank.save()
        self._redirect("/")

    def _practise(self, told: Json) -> Json:
        """What tests ask for beyond what a provider offers."""
        bank, do = self.server.bank, told["do"]
        if do == "clock":
            bank.set_clock(told["moment"], works=told.get("works", False))
            return {}
        account = bank.account(told.get("account", ""))
        if do in ("settle", "let_hold_end", "dispute"):
            intent = account.get(told["intent"], "payment_intent")
            return {"settle": bank.settle, "let_hold_end": _let_hold_end, "dispute": bank.dispute}[do](account, intent) or {}
        if do in OF_PRODUCERS:
            OF_PRODUCERS[do](bank, account, told["number"])
        match do:
            case "fault" | "no_faults":
                self.server.faults.plan(told)
                return {}
            case "reports":
                return {"events": self.server.reports.steer(told)}
            case "pay_out":
                return {"payout": bank.pay_out(account)}
            case "read":
                return {"things": [row for row in account.things.values() if told.get("number") in (None, row["id"])]}
            case "decide":
                bank.decide(account, account.get(told["dispute"], "dispute"), won=told["won"])
            case "end_page":
                bank.end_page(account, account.get(told["page"], "checkout.session"))
        return {}

    # answers

    def _json(self, status: int, body: Json) -> None:
        self._send(status, json.dumps(body), "application/json")

    def _send(self, status: int, text: str, kind: str = "text/html") -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def _redirect(self, to: str) -> None:
        self.send_response(303)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()


def _let_hold_end(account: Account, intent: Json) -> Json:
    """After seven days nothing is held any more."""
    intent.update(status="canceled", cancellation_reason="automatic", amount_capturable=0)
    return intent
