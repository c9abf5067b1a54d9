"""The means of payment for practice, each of which behaves in its own way."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Means:
    """How the page calls it, of which type it is, and what becomes of it. `declined`: code of the refusal."""

    label: str
    type: str = "card"
    declined_now: str = ""
    declined_later: str = ""


MEANS = {
    "karte": Means("Karte, die geht"),
    "karte_spaeter": Means("Karte, die jetzt geht, später aber nicht mehr", declined_later="card_declined"),
    "karte_bestaetigung": Means("Karte, deren Bank später eine Bestätigung will", declined_later="authentication_required"),
    "karte_abgelehnt": Means("Karte, die abgelehnt wird", declined_now="card_declined"),
    "lastschrift": Means("Lastschrift (dauert ein wenig)", type="sepa_debit"),
    "lastschrift_zurueck": Means("Lastschrift, die zurückkommt", type="sepa_debit", declined_later="insufficient_funds"),
}


def fee(*, amount: int, type: str) -> int:
    """What the practice bank keeps of a payment, in cents: 1.5 percent and 25 cents, 35 cents of a debit."""
    return 35 if type == "sepa_debit" else (amount * 15 + 500) // 1000 + 25
