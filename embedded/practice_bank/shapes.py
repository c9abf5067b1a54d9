"""How the provider's things look: only fields that the real ones have, so that its own library reads them."""

from typing import Any

from embedded.practice_bank.requests import Json


def session(number: str, *, now: int, url: str, fields: Json, total: int | None) -> Json:
    """A hosted page."""
    return {
        "id": number,
        "object": "checkout.session",
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": fields.get("cancel_url"),
        "client_reference_id": fields.get("client_reference_id"),
        "created": now,
        "currency": fields.get("currency", "eur") if total is None else fields["line_items"][0]["price_data"]["currency"],
        "custom_fields": [],
        "custom_text": {"after_submit": None, "shipping_address": None, "submit": None, "terms_of_service_acceptance": None},
        "customer": None,
        "customer_creation": fields.get("customer_creation"),
        "customer_email": fields.get("customer_email"),
        "expires_at": int(fields.get("expires_at", now + 86400)),
        "livemode": False,
        "locale": fields.get("locale"),
        "metadata": fields.get("metadata", {}),
        "mode": fields["mode"],
        "payment_intent": None,
        "payment_method_options": {},
        "payment_method_types": ["card"] if _is_held(fields) else ["card", "sepa_debit"],
        "payment_status": "no_payment_required" if fields["mode"] == "setup" else "unpaid",
        "setup_intent": None,
        "shipping_options": [],
        "status": "open",
        "success_url": fields.get("success_url"),
        "ui_mode": "hosted_page",
        "url": url,
    }


def _is_held(fields: Json) -> bool:
    return bool(fields.get("payment_intent_data", {}).get("capture_method") == "manual")


def intent(number: str, *, now: int, amount: int, currency: str, manual: bool, metadata: Json) -> Json:
    """A payment."""
    return {
        "id": number,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_received": 0,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "manual" if manual else "automatic_async",
        "client_secret": f"{number}_secret_practice",
        "confirmation_method": "automatic",
        "created": now,
        "currency": currency,
        "customer": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": metadata,
        "payment_method": None,
        "payment_method_options": {},
        "payment_method_types": ["card"] if manual else ["card", "sepa_debit"],
        "setup_future_usage": None,
        "status": "requires_payment_method",
    }


def setup(number: str, *, now: int, metadata: Json) -> Json:
    """A means of payment being kept."""
    return {
        "id": number,
        "object": "setup_intent",
        "client_secret": f"{number}_secret_practice",
        "created": now,
        "customer": None,
        "livemode": False,
        "metadata": metadata,
        "payment_method": None,
        "payment_method_types": ["card", "sepa_debit"],
        "status": "requires_payment_method",
        "usage": "off_session",
    }


def charge(number: str, *, now: int, of: Json, amount: int, captured: bool) -> Json:
    """What was taken, or is held."""
    return {
        "id": number,
        "object": "charge",
        "amount": of["amount"],
        "amount_captured": amount if captured else 0,
        "amount_refunded": 0,
        "balance_transaction": None,
        "billing_details": {"address": None, "email": None, "name": None, "phone": None, "tax_id": None},
        "captured": captured,
        "created": now,
        "currency": of["currency"],
        "disputed": False,
        "livemode": False,
        "metadata": {},
        "paid": True,
        "payment_intent": of["id"],
        "refunded": False,
        "status": "succeeded",
    }


def refund(number: str, *, now: int, of: Json, amount: int, charge: str, metadata: Json) -> Json:
    """What goes back."""
    return {
        "id": number,
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge,
        "created": now,
        "currency": of["currency"],
        "metadata": metadata,
        "payment_intent": of["id"],
        "reason": None,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def movement(number: str, *, now: int, kind: str, amount: int, fee: int, source: str) -> Json:
    """A line of the account."""
    return {
        "id": number,
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now,
        "balance_type": "payments",
        "created": now,
        "currency": "eur",
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [],
        "net": amount - fee,
        "reporting_category": kind,
        "source": source,
        "status": "available",
        "type": kind,
    }


def payout(number: str, *, now: int, amount: int) -> Json:
    """A transfer to the operator's bank account."""
    return {
        "id": number,
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": now,
        "automatic": True,
        "balance_transaction": None,
        "created": now,
        "currency": "eur",
        "description": "STRIPE PAYOUT",
        "destination": None,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "completed",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "paid",
        "trace_id": None,
        "type": "bank_account",
    }


def dispute(number: str, *, now: int, of: Json, amount: int) -> Json:
    """A payment that the customer's bank takes back."""
    return {
        "id": number,
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": of["latest_charge"],
        "created": now,
        "currency": of["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": {
            "due_by": now + 7 * 86400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": of["id"],
        "reason": "fraudulent",
        "status": "needs_response",
    }


def connected(number: str, *, now: int, fields: Json) -> Json:
    """A producer's account below the operator's."""
    return {
        "id": number,
        "object": "account",
        "business_profile": fields.get("business_profile"),
        "business_type": None,
        "capabilities": {"transfers": "inactive"},
        "charges_enabled": False,
        "country": fields.get("country", "DE"),
        "created": now,
        "default_currency": "eur",
        "details_submitted": False,
        "email": fields.get("email"),
        "metadata": fields.get("metadata", {}),
        "payouts_enabled": False,
        "requirements": requirements("individual.first_name", "external_account"),
        "type": "express",
    }


def requirements(*missing: str) -> Json:
    """What the provider still wants to know of a producer."""
    return {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": list(missing),
        "disabled_reason": "requirements.past_due" if missing else None,
        "errors": [],
        "eventually_due": list(missing),
        "past_due": list(missing),
        "pending_verification": [],
    }


def link(url: str, *, now: int, until: int) -> Json:
    """The way to the page on which a producer tells it."""
    return {"object": "account_link", "created": now, "expires_at": until, "url": url}


def transfer(number: str, *, now: int, fields: Json, amount: int) -> Json:
    """Money of the operator's that is a producer's now."""
    return {
        "id": number,
        "object": "transfer",
        "amount": amount,
        "amount_reversed": 0,
        "balance_transaction": None,
        "created": now,
        "currency": fields.get("currency", "eur"),
        "description": fields.get("description"),
        "destination": fields["destination"],
        "destination_payment": None,
        "livemode": False,
        "metadata": fields.get("metadata", {}),
        "reversed": False,
        "source_transaction": None,
        "source_type": "card",
        "transfer_group": fields.get("transfer_group"),
    }


def reversal(number: str, *, now: int, of: Json, amount: int, fields: Json) -> Json:
    """What comes back of it."""
    return {
        "id": number,
        "object": "transfer_reversal",
        "amount": amount,
        "balance_transaction": None,
        "created": now,
        "currency": of["currency"],
        "destination_payment_refund": None,
        "metadata": fields.get("metadata", {}),
        "source_refund": None,
        "transfer": of["id"],
    }


def event(number: str, *, now: int, kind: str, about: Json, version: str) -> Json:
    """A report."""
    return {
        "id": number,
        "object": "event",
        "api_version": version,
        "created": now,
        "data": {"object": about},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }


def page_of(rows: list[Json], *, url: str, more: bool) -> dict[str, Any]:
    """A list as the provider hands it out."""
    return {"object": "list", "data": rows, "has_more": more, "url": url}
