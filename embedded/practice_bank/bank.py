"""What the practice bank keeps, and what may become of it: states, amounts, and reports of what happened."""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from embedded.places import write_private
from embedded.practice_bank import shapes
from embedded.practice_bank.means import MEANS, fee
from embedded.practice_bank.requests import VERSION, Json, Refused

HOLD_SECONDS = 7 * 86400
Report = Callable[[Json], None]


@dataclass
class Account:
    """The things of one operator by number, what its pages are for, the answers it was given, and the means customers used."""

    things: dict[str, Json] = field(default_factory=dict)
    plans: dict[str, Json] = field(default_factory=dict)
    answers: dict[str, list[str]] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)

    def get(self, number: str, kind: str) -> Json:
        """A thing by its number. Raises `Refused`."""
        found = self.things.get(number)
        if found is None or found["object"] != kind:
            raise Refused(404, f"No such {kind}: '{number}'", code="resource_missing", param="id")
        return found

    def all(self, kind: str) -> list[Json]:
        """The things of a kind, the newest first."""
        return [row for row in reversed(self.things.values()) if row["object"] == kind]


@dataclass
class Bank:
    """All accounts. Whoever calls holds the server's lock."""

    address: str
    report: Report
    file: Path | None = None
    debit_seconds: int = 20
    accounts: dict[str, Account] = field(default_factory=dict)

    def load(self) -> None:
        """Go on where the last run ended."""
        if self.file is not None and self.file.exists():
            told = json.loads(self.file.read_text())
            self.accounts = {key: Account(**kept) for key, kept in told.items()}

    def save(self) -> None:
        """Keep everything for the next run."""
        if self.file is not None:
            write_private(self.file, json.dumps({key: vars(one) for key, one in self.accounts.items()}))

    def account(self, key: str) -> Account:
        """The operator whose key that is; a new one is opened for a new key."""
        return self.accounts.setdefault(key, Account())

    def add(self, account: Account, thing: Json) -> Json:
        """Keep a new thing."""
        account.things[thing["id"]] = thing
        return thing

    def tell(self, kind: str, about: Json) -> None:
        """Report what happened."""
        told = shapes.event(new("evt"), now=now(), kind=kind, about=json.loads(json.dumps(about)), version=VERSION)
        self.report(told | ({"account": about["id"]} if about["object"] == "account" else {}))

    # what customers do on the page

    def finish_page(self, account: Account, session: Json, means: str) -> bool:
        """The customer chose a means of payment; False when it was declined and the page stays open."""
        chosen = MEANS[means]
        customer = self.add(account, {"id": new("cus"), "object": "customer"})
        method = self.add(account, {"id": new("pm"), "object": "payment_method", "type": chosen.type, "customer": customer["id"]})
        account.used[method["id"]] = means
        plan = account.plans[session["id"]]
        if session["mode"] == "setup":
            kept = self.add(account, shapes.setup(new("seti"), now=now(), metadata=plan.get("metadata", {})))
            kept.update(status="succeeded", payment_method=method["id"], customer=customer["id"])
            session["setup_intent"] = kept["id"]
            self.tell("setup_intent.succeeded", kept)
        elif not self._pay_on_page(account, self._intent_of(account, session, plan), method, means):
            return False
        session["status"], session["customer"] = "complete", customer["id"]
        if session["mode"] == "payment" and chosen.type == "card":
            session["payment_status"] = "paid"
        self.tell("checkout.session.completed", session)
        return True

    def _intent_of(self, account: Account, session: Json, plan: Json) -> Json:
        """The payment of a page; it begins when the customer pays, and not before."""
        if session["payment_intent"]:
            return account.get(session["payment_intent"], "payment_intent")
        manual, metadata = plan.get("capture_method") == "manual", plan.get("metadata", {})
        about = {"amount": session["amount_total"], "currency": plan["currency"], "manual": manual, "metadata": metadata}
        made = self.add(account, shapes.intent(new("pi"), now=now(), **about))
        made["setup_future_usage"] = plan.get("setup_future_usage")
        session["payment_intent"] = made["id"]
        return made

    def _pay_on_page(self, account: Account, intent: Json, method: Json, means: str) -> bool:
        intent.update(payment_method=method["id"], customer=method["customer"])
        if declined := MEANS[means].declined_now:
            self._decline(intent, declined)
            return False
        if MEANS[means].type == "sepa_debit":
            intent["status"] = "processing"
            self.tell("payment_intent.processing", intent)
            return True
        self._take_or_hold(account, intent, manual=intent["capture_method"] == "manual")
        return True

    def end_page(self, account: Account, session: Json) -> None:
        """Nobody can pay on the page any more."""
        if session["status"] != "open":
            raise Refused(400, f"This Session cannot be expired because its status is {session['status']}.")
        session["status"], session["url"] = "expired", None
        if session["payment_intent"]:
            account.get(session["payment_intent"], "payment_intent").update(status="canceled", cancellation_reason="abandoned")
        self.tell("checkout.session.expired", session)

    # payments

    def _take_or_hold(self, account: Account, intent: Json, *, manual: bool) -> None:
        amount = intent["amount"]
        made = self.add(account, shapes.charge(new("ch"), now=now(), of=intent, amount=amount, captured=not manual))
        intent["latest_charge"], intent["last_payment_error"] = made["id"], None
        if manual:
            intent.update(status="requires_capture", amount_capturable=amount)
            self.tell("payment_intent.amount_capturable_updated", intent)
        else:
            self._taken(account, intent, amount)

    def _taken(self, account: Account, intent: Json, amount: int) -> None:
        made = account.get(intent["latest_charge"], "charge")
        type_ = account.get(intent["payment_method"], "payment_method")["type"]
        kept = fee(amount=amount, type=type_)
        moved = self.move(account, kind="charge", amount=amount, fee=kept, source=made["id"])
        made.update(captured=True, amount_captured=amount, balance_transaction=moved["id"])
        intent.update(status="succeeded", amount_received=amount, amount_capturable=0)
        self.tell("charge.captured", made)
        self.tell("payment_intent.succeeded", intent)

    def _decline(self, intent: Json, code: str) -> None:
        error = {"type": "card_error", "code": code, "message": "Your card was declined."}
        if code == "card_declined":
            error["decline_code"] = "generic_decline"
        intent["status"], intent["last_payment_error"] = "requires_payment_method", error
        self.tell("payment_intent.payment_failed", intent)

    def charge_kept(self, account: Account, intent: Json) -> None:
        """Take a payment without the customer. Raises `Refused` when his bank does not want to."""
        means = MEANS[account.used[intent["payment_method"]]]
        if means.type == "sepa_debit" and intent["capture_method"] == "manual":
            raise Refused(
                400, "This payment method cannot be captured by hand.", code="payment_intent_incompatible_payment_method"
            )
        if means.type == "sepa_debit":
            intent["status"] = "processing"
            self.tell("payment_intent.processing", intent)
        elif means.declined_later:
            self._decline(intent, means.declined_later)
            raise Refused(
                402, "Your card was declined.", kind="card_error", code=means.declined_later, payment_intent=intent, param=""
            )
        else:
            self._take_or_hold(account, intent, manual=intent["capture_method"] == "manual")

    def capture(self, account: Account, intent: Json, amount: int) -> None:
        """Take of what is held, once and never more."""
        if intent["status"] != "requires_capture":
            text = f"This PaymentIntent could not be captured because it has a status of {intent['status']}."
            raise Refused(400, text, code="payment_intent_unexpected_state", payment_intent=intent)
        if amount > intent["amount_capturable"]:
            raise Refused(400, "The amount to capture is greater than what is held.", code="amount_too_large")
        self._taken(account, intent, amount)

    def cancel(self, intent: Json, reason: str | None) -> None:
        """Let go of what is held."""
        if intent["status"] in ("succeeded", "canceled", "processing"):
            text = f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}."
            raise Refused(400, text, code="payment_intent_unexpected_state", payment_intent=intent)
        intent.update(status="canceled", cancellation_reason=reason, canceled_at=now(), amount_capturable=0)
        self.tell("payment_intent.canceled", intent)

    def refund(self, account: Account, intent: Json, amount: int, metadata: Json) -> Json:
        """Give back, never more than was taken."""
        if intent["status"] != "succeeded":
            raise Refused(400, "This PaymentIntent does not have a successful charge to refund.", code="charge_not_refundable")
        made = account.get(intent["latest_charge"], "charge")
        left = made["amount_captured"] - made["amount_refunded"]
        if made["disputed"]:
            raise Refused(400, "This charge has been charged back.", code="charge_disputed")
        if amount > left:
            raise Refused(400, f"Refund amount is greater than unrefunded amount on charge ({left}).", code="amount_too_large")
        given = self.add(
            account, shapes.refund(new("re"), now=now(), of=intent, amount=amount, charge=made["id"], metadata=metadata)
        )
        given["balance_transaction"] = self.move(account, kind="refund", amount=-amount, fee=0, source=given["id"])["id"]
        made["amount_refunded"] += amount
        made["refunded"] = made["amount_refunded"] == made["amount_captured"]
        self.tell("charge.refunded", made)
        return given

    def move(self, account: Account, *, kind: str, amount: int, fee: int, source: str) -> Json:
        """A new line of the account."""
        return self.add(account, shapes.movement(new("txn"), now=now(), kind=kind, amount=amount, fee=fee, source=source))

    # what time and others bring about

    def set_clock(self, moment: float, *, works: bool) -> None:
        """It is that moment; what time `works` is done at once, not with the next second."""
        CLOCK.set_to(moment)
        if works:
            self.tick()

    def tick(self) -> None:
        """Debits are settled, holds and pages run out."""
        for account in self.accounts.values():
            for intent in account.all("payment_intent"):
                if intent["status"] == "processing" and now() >= intent["created"] + self.debit_seconds:
                    self.settle(account, intent)
                elif intent["status"] == "requires_capture" and now() >= intent["created"] + HOLD_SECONDS:
                    self.cancel(intent, "automatic")
            for session in account.all("checkout.session"):
                if session["status"] == "open" and now() >= session["expires_at"]:
                    self.end_page(account, session)

    def settle(self, account: Account, intent: Json) -> None:
        """A debit came in, or came back."""
        if code := MEANS[account.used[intent["payment_method"]]].declined_later:
            self._decline(intent, code)
        else:
            self._take_or_hold(account, intent, manual=False)

    def pay_out(self, account: Account) -> Json | None:
        """Transfer all that is there; None when nothing is."""
        amount = sum(row["net"] for row in account.all("balance_transaction"))
        if amount <= 0:
            return None
        paid = self.add(account, shapes.payout(new("po"), now=now(), amount=amount))
        paid["balance_transaction"] = self.move(account, kind="payout", amount=-amount, fee=0, source=paid["id"])["id"]
        self.tell("payout.paid", paid)
        return paid

    def dispute(self, account: Account, intent: Json) -> Json:
        """A customer's bank takes a payment back; that costs 20 euros."""
        made = account.get(intent["latest_charge"], "charge")
        opened = self.add(account, shapes.dispute(new("du"), now=now(), of=intent, amount=made["amount_captured"]))
        made["disputed"] = True
        moved = self.move(account, kind="adjustment", amount=-opened["amount"], fee=2000, source=opened["id"])
        opened["balance_transactions"].append(moved)
        self.tell("charge.dispute.created", opened)
        return opened

    def decide(self, account: Account, dispute: Json, *, won: bool) -> None:
        """The dispute is over."""
        dispute["status"] = "won" if won else "lost"
        if won:
            moved = self.move(account, kind="adjustment", amount=dispute["amount"], fee=0, source=dispute["id"])
            dispute["balance_transactions"].append(moved)
        self.tell("charge.dispute.closed", dispute)


def new(prefix: str) -> str:
    """A number nobody has."""
    return f"{prefix}_{secrets.token_hex(12)}"


@dataclass
class Clock:
    """The bank's own clock; tests set it to the day on which they play."""

    ahead: float = 0.0

    def set_to(self, moment: float) -> None:
        """From now on it is that moment."""
        self.ahead = moment - time.time()


CLOCK = Clock()


def now() -> int:
    """Seconds since 1970, as all times of the provider."""
    return int(time.time() + CLOCK.ahead)
