"""The pages of the practice bank: where customers pay, and where one plays the bank."""

from html import escape

from embedded.practice_bank.bank import Account
from embedded.practice_bank.means import MEANS
from embedded.practice_bank.requests import Json

STYLE = """
:root { color-scheme: light dark }
li { overflow-wrap: anywhere }
body { font: 1.0625rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 34rem; padding: 1rem }
.notice { background: #ffd54a; color: #1d1a10; font-weight: 700; padding: .75rem 1rem; border-radius: .5rem; margin: 0 0 1rem }
fieldset { border: 1px solid; border-radius: .5rem; margin: 0 0 1rem; padding: .5rem 1rem }
label { display: block; padding: .5rem 0 }
input { inline-size: 1.25rem; block-size: 1.25rem; vertical-align: middle; margin: 0 .5rem 0 0 }
button, .link { font: inherit; color: inherit; background: none }
button, .link { display: inline-block; padding: .75rem 1.25rem; border-radius: .5rem; border: 1px solid;
  margin: 0 .5rem .5rem 0; cursor: pointer }
.pay { background: #14532d; color: #fff; border-color: #14532d; font-weight: 700 }
.error { border-inline-start: .375rem solid #b3261e; padding-inline-start: .75rem }
.amount { font-size: 1.75rem; font-weight: 700 }
""".strip()


def pay(*, session: Json, declined: bool) -> str:
    """The hosted page."""
    types = session["payment_method_types"]
    choices = [(key, means) for key, means in MEANS.items() if means.type in types]
    rows = "".join(
        f'<label><input type="radio" name="means" value="{key}"{" checked" if not position else ""}>'
        f" {escape(means.label)}</label>"
        for position, (key, means) in enumerate(choices)
    )
    keeps = session["mode"] == "setup"
    total = session["amount_total"]
    about = (
        "<p>Es wird noch nichts abgebucht. Die Zahlungsart wird für diese Bestellung hinterlegt.</p>"
        if keeps
        else f'<p class="amount">{_euro(total)}</p>'
    )
    error = '<p class="error" role="alert">Diese Karte wurde abgelehnt. Bitte nehmen Sie eine andere.</p>' if declined else ""
    back = escape(session["cancel_url"] or "")
    return framed(
        "Bezahlen",
        f"""<h1>Bezahlen</h1>{error}{about}
<form method="post"><fieldset><legend>Womit möchten Sie zahlen?</legend>{rows}</fieldset>
<button class="pay">{"Zahlungsart hinterlegen" if keeps else f"{_euro(total)} zahlen"}</button></form>
<p><a class="link" href="{back}">Zurück, ohne zu zahlen</a></p>""",
    )


def over(*, back: str) -> str:
    """The page was used, or its time is over."""
    return framed(
        "Vorbei", f'<h1>Diese Bezahlseite ist vorbei</h1><p><a class="link" href="{escape(back)}">Zurück zum Markt</a></p>'
    )


def overview(*, accounts: dict[str, Account]) -> str:
    """Where one plays the bank: let money arrive, take a payment back."""
    parts = []
    for number, (key, account) in enumerate(accounts.items(), 1):
        rows = "".join(
            f"<li>{_euro(one['amount_received'])} · {one['id']} "
            f'<form method="post" action="/spielen"><input type="hidden" name="account" value="{escape(key)}">'
            f'<button name="dispute" value="{one["id"]}">Kunde lässt zurückbuchen</button></form></li>'
            for one in account.all("payment_intent")[:20]
            if one["status"] == "succeeded"
        )
        there = sum(row["net"] for row in account.all("balance_transaction"))
        parts.append(
            f"<h2>Konto {number}</h2><p>Guthaben: {_euro(there)}</p>"
            f'<form method="post" action="/spielen"><input type="hidden" name="account" value="{escape(key)}">'
            f'<button name="payout" value="1">An die Bank des Marktes auszahlen</button></form><ul>{rows}</ul>'
        )
    return framed("Übungsbank", "<h1>Übungsbank</h1>" + ("".join(parts) or "<p>Noch hat niemand bezahlt.</p>"))


def framed(title: str, content: str) -> str:
    """A page of the bank, plainly marked as practice."""
    return f"""<!doctype html><html lang="de"><head><meta charset="utf-8"><title>{title} – Übungsbank</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/stil.css"></head>
<body><main><p class="notice">Übungsbank – hier fließt kein Geld</p>{content}</main></body></html>"""


def _euro(cents: int) -> str:
    return f"{cents // 100:,}".replace(",", ".") + f",{cents % 100:02d} €"
