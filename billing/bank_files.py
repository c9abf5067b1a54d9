"""Reads bank statements: camt.053 (ISO 20022) and MT940. What cannot be read is refused as a whole, with a sentence.

pycamt was compared and left: of the older version it takes the amount that was instructed, maybe in another currency, for the
one that was booked. So camt is read here, from the elements that ISO 20022 names for it.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import mt940
from django.utils.translation import gettext as _
from lxml import etree

from billing import bank_returns
from billing.bank_returns import Back
from marketplace.core import money

MOST_BYTES = 8_000_000
EURO = "EUR"
#: booked; what is only announced may yet change
BOOKED = "BOOK"
#: what the library mends only when told to
MT940 = mt940.Options(applicant_iban=True, reversal_sign=True, strip_bom=True, unbounded_details=True)
IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")


class StatementRefused(Exception):
    """The file is no statement that can be taken in; the message is for the office."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """One booking: `amount` is euro, below zero when it went out; `account` is the own IBAN, "" when the file has none.

    A debit that came back says why (`return_reason`, "" else), what it was known by, and what the bank took for it.
    """

    key: str
    account: str
    booked_on: date
    amount: Decimal
    name: str
    iban: str
    purpose: str
    return_reason: str = ""
    end_to_end: str = ""
    charges: Decimal = money.ZERO


@dataclass(frozen=True)
class _Raw:
    account: str
    booked_on: date
    amount: Decimal
    name: str
    iban: str
    purpose: str
    reference: str
    back: Back | None = None


def read(content: bytes) -> list[Told]:
    """The bookings of a statement in its order. Raises `StatementRefused`."""
    if not content.strip():
        raise StatementRefused(_("The file is empty."))
    if len(content) > MOST_BYTES:
        raise StatementRefused(_("The file is too large. Please download a shorter period from your bank."))
    rows = _camt(content) if content.lstrip()[:1] == b"<" or content.startswith(b"\xef\xbb\xbf<") else _mt940(content)
    return list(_keyed(rows))


def _camt(content: bytes) -> list[_Raw]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser=parser)
    except etree.XMLSyntaxError as error:
        raise StatementRefused(_("The file cannot be read: it is damaged or cut off.")) from error
    found = [statement for message in _all(root, "BkToCstmrStmt") for statement in _all(message, "Stmt")]
    if not found:
        raise StatementRefused(_("This is no account statement. Please download “camt.053” or “MT940” from your bank."))
    try:
        return [row for statement in found for entry in _all(statement, "Ntry") for row in _entry(statement, entry)]
    except (InvalidOperation, ValueError) as error:
        raise StatementRefused(_("The file cannot be read: an amount or a date in it makes no sense.")) from error


def _entry(statement: Any, entry: Any) -> Iterator[_Raw]:
    """A booking, or each of several payments that the bank booked as one and lists."""
    if (_text(entry, "Sts/Cd") or _text(entry, "Sts")) != BOOKED:
        return
    _refuse_currency(entry.xpath("string(*[local-name()='Amt']/@Ccy)"))
    account = _text(statement, "Acct/Id/IBAN").upper()
    day = date.fromisoformat((_text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm"))[:10])
    whole = _signed(_text(entry, "Amt"), _text(entry, "CdtDbtInd"))
    reference = _text(entry, "AcctSvcrRef")
    details = [detail for group in _all(entry, "NtryDtls") for detail in _all(group, "TxDtls")]
    parts = [_signed(_amount(detail), _text(detail, "CdtDbtInd") or _text(entry, "CdtDbtInd")) for detail in details]
    if len(details) != 1 and (not details or sum(parts) != whole):
        name = _text(entry, "AddtlNtryInf")
        yield _Raw(account, day, whole, "", "", name, reference)
        return
    for detail, part in zip(details, parts, strict=True):
        name, iban = _other_side(detail, whole)
        told = " ".join(filter(None, (_joined(detail, "RmtInf/Ustrd"), _joined(detail, "RmtInf/Strd/CdtrRefInf/Ref"))))
        purpose = told or _text(entry, "AddtlNtryInf")
        own = _text(detail, "Refs/AcctSvcrRef") or (reference if len(details) == 1 else "")
        amount = whole if len(details) == 1 else part
        yield _Raw(account, day, amount, name, iban, purpose, own, bank_returns.of_camt(detail, amount))


def _amount(detail: Any) -> str:
    """What was booked: its own element since version 3, before that among the details."""
    return _text(detail, "Amt") or _text(detail, "AmtDtls/TxAmt/Amt") or "0"


def _other_side(detail: Any, amount: Decimal) -> tuple[str, str]:
    """Name and IBAN of who paid, or of who was paid."""
    side = "Dbtr" if amount > 0 else "Cdtr"
    name = _text(detail, f"RltdPties/{side}/Pty/Nm") or _text(detail, f"RltdPties/{side}/Nm")
    return name, _text(detail, f"RltdPties/{side}Acct/Id/IBAN").upper()


def _mt940(content: bytes) -> list[_Raw]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if ":20:" not in text or ":61:" not in text:
        raise StatementRefused(_("This is no account statement. Please download “camt.053” or “MT940” from your bank."))
    try:
        statements = mt940.parse_statements(text, options=MT940)
        return [_transaction(statement, row) for statement in statements for row in statement]
    except StatementRefused:
        raise
    except Exception as error:  # the library raises whatever happens to it
        raise StatementRefused(_("The file cannot be read: it is damaged or cut off.")) from error


def _transaction(statement: Any, row: Any) -> _Raw:
    data = row.data
    amount = data["amount"]
    _refuse_currency(amount.currency)
    account = str(statement.data.get("account_identification") or "").replace(" ", "").upper()
    return _Raw(
        account=account if IBAN.fullmatch(account) else "",
        booked_on=date.fromisoformat(str(data.get("entry_date") or data["date"])),
        amount=Decimal(amount.amount),
        name=str(data.get("applicant_name") or ""),
        iban=str(data.get("applicant_iban") or "").upper(),
        purpose=str(data.get("purpose") or data.get("transaction_details") or ""),
        reference=str(data.get("bank_reference") or ""),
        back=bank_returns.of_mt940(data),
    )


def _keyed(rows: Iterable[_Raw]) -> Iterator[Told]:
    """Each booking with a key that it has in every statement: what it says, and which of several that say the same."""
    seen: Counter[str] = Counter()
    for row in rows:
        if row.amount == 0:
            continue
        says = "|".join(
            (row.account, row.booked_on.isoformat(), str(row.amount), row.name, row.iban, row.purpose, row.reference)
        ).casefold()
        says = re.sub(r"\s+", "", says)
        seen[says] += 1
        key = hashlib.sha256(f"{says}|{seen[says]}".encode()).hexdigest()
        yield Told(
            key=key,
            account=row.account,
            booked_on=row.booked_on,
            amount=row.amount,
            name=_plain(row.name, 140),
            iban=row.iban.replace(" ", "")[:34],
            purpose=_plain(row.purpose, 500),
            return_reason=row.back.reason if row.back else "",
            end_to_end=row.back.end_to_end[:35] if row.back else "",
            charges=row.back.charges if row.back else money.ZERO,
        )


def _all(element: Any, name: str) -> list[Any]:
    found: list[Any] = element.xpath(f"*[local-name()='{name}']")
    return found


def _text(element: Any, path: str) -> str:
    """The text of the first element on a path below, whatever the version of the format."""
    steps = "/".join(f"*[local-name()='{step}']" for step in path.split("/"))
    return str(element.xpath(f"string({steps})")).strip()


def _joined(element: Any, path: str) -> str:
    steps = "/".join(f"*[local-name()='{step}']" for step in path.split("/"))
    return " ".join(str(found).strip() for found in element.xpath(f"{steps}/text()"))


def _signed(amount: str, indicator: str) -> Decimal:
    value = Decimal(amount)
    if indicator not in {"CRDT", "DBIT"} or not value.is_finite() or value < 0:
        raise ValueError(indicator)
    return value if indicator == "CRDT" else -value


def _refuse_currency(currency: str) -> None:
    if currency != EURO:
        raise StatementRefused(_("The statement is in %(currency)s. Only euro can be booked.") % {"currency": currency or "?"})


def _plain(text: str, most: int) -> str:
    return " ".join(text.split())[:most]
