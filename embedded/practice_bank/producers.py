"""Accounts of producers below an operator's: how they are opened, and what is transferred to them and back."""

from html import escape

from embedded.practice_bank import shapes
from embedded.practice_bank.bank import Account, Bank, new, now
from embedded.practice_bank.requests import Asked, Json, Refused, only, whole

LINK_SECONDS = 300


def open_account(bank: Bank, account: Account, asked: Asked, _number: str) -> Json:
    """A producer's account; it can do nothing until its owner has told who it is."""
    only(asked.fields, "type", "country", "email", "capabilities", "business_profile", "metadata", "expand")
    if asked.fields.get("type") != "express":
        raise Refused(400, "Only Express accounts are opened here.", param="type")
    number = new("acct")
    account.plans[number] = {"paid_on": 0}
    return bank.add(account, shapes.connected(number, now=now(), fields=asked.fields))


def open_link(bank: Bank, account: Account, asked: Asked, _number: str) -> Json:
    """The page on which it is told, once and for five minutes."""
    only(asked.fields, "account", "type", "return_url", "refresh_url", "expand")
    about = account.get(asked.fields.get("account", ""), "account")
    if asked.fields.get("type") != "account_onboarding":
        raise Refused(400, "Invalid type.", param="type")
    number = new("link")
    account.plans[number] = {"account": about["id"], "until": now() + LINK_SECONDS, **asked.fields}
    return shapes.link(f"{bank.address}/konto/{number}", now=now(), until=now() + LINK_SECONDS)


def finish(bank: Bank, account: Account, link: str, *, complete: bool) -> None:
    """The owner has told everything, or not all of it."""
    about = account.get(account.plans[link]["account"], "account")
    state = "active" if complete else "inactive"
    about.update(details_submitted=True, payouts_enabled=complete, capabilities={"transfers": state})
    about["requirements"] = shapes.requirements(*([] if complete else ["external_account"]))
    account.plans[link]["until"] = 0
    bank.tell("account.updated", about)


def close(bank: Bank, account: Account, number: str) -> None:
    """The provider wants to know more before it pays on."""
    about = account.get(number, "account")
    about.update(payouts_enabled=False, capabilities={"transfers": "inactive"})
    about["requirements"] = shapes.requirements("individual.verification.document")
    bank.tell("account.updated", about)


def held(account: Account, number: str) -> int:
    """What is on a producer's account, in cents."""
    mine = [row for row in account.all("transfer") if row["destination"] == number]
    return sum(int(row["amount"] - row["amount_reversed"]) for row in mine) - int(account.plans[number]["paid_on"])


def pay_on(_bank: Bank, account: Account, number: str) -> None:
    """What is there goes to the producer's bank."""
    account.plans[number]["paid_on"] += held(account, number)


def come_back(_bank: Bank, account: Account, number: str) -> None:
    """The producer's bank did not take it: it is there again."""
    account.plans[number]["paid_on"] = 0


def transfer(bank: Bank, account: Account, asked: Asked, _number: str) -> Json:
    """From the operator's money to a producer's account; never more than there is."""
    fields = asked.fields
    only(fields, "amount", "currency", "destination", "transfer_group", "description", "metadata", "expand")
    to = account.get(fields.get("destination", ""), "account")
    amount = whole(fields, "amount")
    if to["capabilities"]["transfers"] != "active":
        text = "Your destination account needs to have at least one of the following capabilities enabled: transfers."
        raise Refused(400, text, code="insufficient_capabilities_for_transfer")
    if amount > sum(row["net"] for row in account.all("balance_transaction")):
        raise Refused(400, "You have insufficient available funds in your Stripe account.", code="balance_insufficient")
    made = bank.add(account, shapes.transfer(new("tr"), now=now(), fields=fields, amount=amount))
    made["balance_transaction"] = bank.move(account, kind="transfer", amount=-amount, fee=0, source=made["id"])["id"]
    bank.tell("transfer.created", made)
    return made


def bring_back(bank: Bank, account: Account, asked: Asked, number: str) -> Json:
    """From a producer's account to the operator; never more than was transferred, nor than is there."""
    only(asked.fields, "amount", "metadata", "expand")
    of, amount = account.get(number, "transfer"), whole(asked.fields, "amount")
    if amount > of["amount"] - of["amount_reversed"]:
        raise Refused(400, "The amount is greater than the unreversed amount of the transfer.", code="amount_too_large")
    if amount > held(account, of["destination"]):
        raise Refused(400, "The account has insufficient funds to reverse this transfer.", code="balance_insufficient")
    made = bank.add(account, shapes.reversal(new("trr"), now=now(), of=of, amount=amount, fields=asked.fields))
    made["balance_transaction"] = bank.move(account, kind="transfer_refund", amount=amount, fee=0, source=made["id"])["id"]
    of["amount_reversed"] += amount
    of["reversed"] = of["amount_reversed"] == of["amount"]
    bank.tell("transfer.reversed", of)
    return made


def reversals(_bank: Bank, account: Account, asked: Asked, number: str) -> Json:
    """What came back of a transfer."""
    rows = [row for row in account.all("transfer_reversal") if row["transfer"] == number]
    return shapes.page_of(rows, url=asked.path, more=False)


def page(link: Json) -> str:
    """What a producer sees: one says that everything is told, or that something is missing."""
    again = escape(link["refresh_url"])
    return f"""<h1>Konto einrichten</h1>
<p>Beim echten Zahlungsanbieter geben Betriebe hier an, wer sie sind und auf welches Bankkonto ausgezahlt wird.</p>
<form method="post"><p><button class="pay" name="told" value="all">Alles angegeben</button>
<button name="told" value="some">Das Bankkonto fehlt noch</button></p></form>
<p><a class="link" href="{again}">Neu beginnen</a></p>"""
