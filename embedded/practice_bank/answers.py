"""The questions that the practice bank answers, each as the real provider would."""

import hashlib
import json
import re
from collections.abc import Callable

from embedded.practice_bank import producers, shapes
from embedded.practice_bank.bank import Account, Bank, new, now
from embedded.practice_bank.requests import Asked, Json, Refused, only, whole

Answer = Callable[[Bank, Account, Asked, str], Json]
LEAST = 50
PAGE_FIELDS = (
    "mode", "line_items", "success_url", "cancel_url", "client_reference_id", "customer_creation", "customer_email",
    "expires_at", "locale", "metadata", "payment_intent_data", "setup_intent_data", "currency", "payment_method_types",
    "submit_type", "custom_text",
)  # fmt: skip


def answer(bank: Bank, asked: Asked) -> tuple[int, Json]:
    """Status and body. What was asked under the same key before gets the same answer, or an error when it was something else."""
    account = bank.account(asked.account)
    told = hashlib.sha256(f"{asked.method} {asked.path} {asked.body}".encode()).hexdigest()
    known = account.answers.get(asked.idempotency_key) if asked.method == "POST" and asked.idempotency_key else None
    if known is not None:
        if known[0] != told:
            text = "Keys for idempotent requests can only be used with the same parameters they were first used with."
            return 400, Refused(400, text, kind="idempotency_error").body
        return int(known[1]), json.loads(known[2])
    try:
        status, body = 200, _found(bank, account, asked)
    except Refused as refusal:
        status, body = refusal.status, refusal.body
    if asked.method == "POST":
        if asked.idempotency_key:
            account.answers[asked.idempotency_key] = [told, str(status), json.dumps(body)]
        bank.save()
    return status, body


def _found(bank: Bank, account: Account, asked: Asked) -> Json:
    for method, pattern, act in ROUTES:
        match = re.fullmatch(pattern, asked.path)
        if method == asked.method and match:
            made = act(bank, account, asked, match[1] if match.groups() else "")
            return _expanded(account, made, asked.fields.get("expand", []))
    raise Refused(404, f"Unrecognized request URL ({asked.method}: {asked.path}).")


def _open_page(bank: Bank, account: Account, asked: Asked, _number: str) -> Json:
    fields = asked.fields
    only(fields, *PAGE_FIELDS, "expand")
    if fields.get("mode") not in ("payment", "setup"):
        raise Refused(400, "Invalid mode.", param="mode")
    if "expires_at" in fields and not now() + 1795 <= int(fields["expires_at"]) <= now() + 86405:
        raise Refused(400, "`expires_at` must be between 30 minutes and 24 hours from Checkout Session creation.")
    number = new("cs_test")
    url = f"{bank.address}/bezahlen/{number}"
    data: Json = fields.get("payment_intent_data") or fields.get("setup_intent_data") or {}
    total, currency = (None, "eur") if fields["mode"] == "setup" else _total(fields)
    account.plans[number] = {**data, "currency": currency}
    return bank.add(account, shapes.session(number, now=now(), url=url, fields=fields, total=total))


def _total(fields: Json) -> tuple[int, str]:
    items = [(item["price_data"], whole(item, "quantity")) for item in fields.get("line_items", [])]
    total = sum(whole(price, "unit_amount") * quantity for price, quantity in items)
    if total < LEAST:
        raise Refused(400, "The Checkout Session's total amount must convert to at least 50 cents.", code="amount_too_small")
    return total, str(items[0][0]["currency"])


def _expire_page(bank: Bank, account: Account, _asked: Asked, number: str) -> Json:
    page = account.get(number, "checkout.session")
    bank.end_page(account, page)
    return page


def _charge(bank: Bank, account: Account, asked: Asked, _number: str) -> Json:
    fields = asked.fields
    only(fields, "amount", "currency", "customer", "payment_method", "off_session", "confirm", "metadata", "description",
         "payment_method_types", "capture_method", "expand")  # fmt: skip
    method = account.get(fields.get("payment_method", ""), "payment_method")
    if method["customer"] is None or method["customer"] != fields.get("customer"):
        raise Refused(400, "The customer does not have this payment method.", code="resource_missing")
    made = shapes.intent(
        new("pi"), now=now(), amount=whole(fields, "amount"), currency=fields["currency"],
        manual=fields.get("capture_method") == "manual", metadata=fields.get("metadata", {}),
    )  # fmt: skip
    made.update(payment_method=method["id"], customer=method["customer"])
    bank.charge_kept(account, bank.add(account, made))
    return made


def _capture(bank: Bank, account: Account, asked: Asked, number: str) -> Json:
    only(asked.fields, "amount_to_capture", "expand")
    intent = account.get(number, "payment_intent")
    amount = whole(asked.fields, "amount_to_capture") if "amount_to_capture" in asked.fields else intent["amount_capturable"]
    bank.capture(account, intent, amount)
    return intent


def _cancel(bank: Bank, account: Account, asked: Asked, number: str) -> Json:
    only(asked.fields, "cancellation_reason", "expand")
    intent = account.get(number, "payment_intent")
    bank.cancel(intent, asked.fields.get("cancellation_reason"))
    return intent


def _refund(bank: Bank, account: Account, asked: Asked, _number: str) -> Json:
    only(asked.fields, "payment_intent", "amount", "metadata", "reason", "expand")
    intent = account.get(asked.fields.get("payment_intent", ""), "payment_intent")
    return bank.refund(account, intent, whole(asked.fields, "amount"), asked.fields.get("metadata", {}))


def _detach(_bank: Bank, account: Account, _asked: Asked, number: str) -> Json:
    method = account.get(number, "payment_method")
    if method["customer"] is None:
        raise Refused(400, "The payment method is not attached to a customer.")
    method["customer"] = None
    return method


def _one(kind: str) -> Answer:
    return lambda _bank, account, _asked, number: account.get(number, kind)


def _many(kind: str) -> Answer:
    def listed(_bank: Bank, account: Account, asked: Asked, _number: str) -> Json:
        fields = asked.fields
        only(fields, "limit", "starting_after", "created", "payment_intent", "transfer_group", "expand")
        since = int(fields.get("created", {}).get("gte", 0))
        rows = [row for row in account.all(kind) if row["created"] >= since]
        for name in ("payment_intent", "transfer_group"):
            if name in fields:
                rows = [row for row in rows if row.get(name) == fields[name]]
        if "starting_after" in fields:
            numbers = [row["id"] for row in rows]
            rows = rows[numbers.index(fields["starting_after"]) + 1 :]
        limit = int(fields.get("limit", 10))
        return shapes.page_of(rows[:limit], url=asked.path, more=len(rows) > limit)

    return listed


def _expanded(account: Account, made: Json, wanted: list[str]) -> Json:
    """The same with what was asked for along with it."""
    copy: Json = json.loads(json.dumps(made))
    for path in wanted:
        nodes = copy["data"] if path.startswith("data.") else [copy]
        for name in path.removeprefix("data.").split("."):
            for node in nodes:
                if isinstance(node.get(name), str):
                    node[name] = json.loads(json.dumps(account.things[node[name]]))
            nodes = [node[name] for node in nodes if isinstance(node.get(name), dict)]
    return copy


NUMBER = r"([A-Za-z0-9_]+)"
ROUTES: tuple[tuple[str, str, Answer], ...] = (
    ("POST", "/v1/checkout/sessions", _open_page),
    ("GET", f"/v1/checkout/sessions/{NUMBER}", _one("checkout.session")),
    ("POST", f"/v1/checkout/sessions/{NUMBER}/expire", _expire_page),
    ("POST", "/v1/payment_intents", _charge),
    ("GET", f"/v1/payment_intents/{NUMBER}", _one("payment_intent")),
    ("POST", f"/v1/payment_intents/{NUMBER}/capture", _capture),
    ("POST", f"/v1/payment_intents/{NUMBER}/cancel", _cancel),
    ("GET", f"/v1/setup_intents/{NUMBER}", _one("setup_intent")),
    ("POST", f"/v1/payment_methods/{NUMBER}/detach", _detach),
    ("POST", "/v1/refunds", _refund),
    ("GET", f"/v1/refunds/{NUMBER}", _one("refund")),
    ("GET", "/v1/balance_transactions", _many("balance_transaction")),
    ("GET", "/v1/payouts", _many("payout")),
    ("GET", "/v1/disputes", _many("dispute")),
    ("POST", "/v1/accounts", producers.open_account),
    ("GET", f"/v1/accounts/{NUMBER}", _one("account")),
    ("POST", "/v1/account_links", producers.open_link),
    ("POST", "/v1/transfers", producers.transfer),
    ("GET", "/v1/transfers", _many("transfer")),
    ("POST", f"/v1/transfers/{NUMBER}/reversals", producers.bring_back),
    ("GET", f"/v1/transfers/{NUMBER}/reversals", producers.reversals),
)
