"""Reads from a booking of the bank that a direct debit came back: why, which one, and what the bank took for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from marketplace.core import money

#: where MT940 says "returned": the business transaction codes of the German banks
RETURNED = {"108", "109"}
#: what stands for "no reason told": banks in Germany say it for most
NOT_TOLD = "MS03"
CODE = re.compile(r"\b(A[CGM]\d\d|BE\d\d|CNOR|DNOR|FF\d\d|M[DS]\d\d|RC01|RR0\d|SL01|TM01)\b")


@dataclass(frozen=True)
class Back:
    """A debit that came back: the code of ISO 20022, the reference it was sent with, and the bank's fee in euro."""

    reason: str
    end_to_end: str
    charges: Decimal


def of_camt(detail: Any, amount: Decimal) -> Back | None:
    """From the details of a booking in camt.053; None when it is no return."""
    reason = _text(detail, "RtrInf/Rsn/Cd") or _text(detail, "RtrInf/RtrRsn/Cd")
    if not reason or amount > 0:
        return None
    told = [_text(record, "Amt") for record in detail.xpath(_path("Chrgs/Rcrd"))] or [_text(detail, "Chrgs/Amt")]
    charges = sum((_euro(text) for text in told), money.ZERO)
    original = _euro(_text(detail, "AmtDtls/InstdAmt/Amt"))
    if not charges and money.ZERO < original < -amount:
        charges = -amount - original
    return Back(reason[:4], _text(detail, "Refs/EndToEndId"), charges)


def of_mt940(data: Mapping[str, Any]) -> Back | None:
    """From a booking as the library reads it; None when it is no return."""
    if str(data.get("transaction_code") or "") not in RETURNED:
        return None
    said = CODE.search(" ".join(str(data.get(name) or "") for name in ("purpose", "additional_purpose", "posting_text")))
    return Back(
        said[1] if said else NOT_TOLD,
        str(data.get("end_to_end_reference") or ""),
        _euro(str(data.get("compensation_amount") or "").replace(".", "").replace(",", ".")),
    )


def _path(path: str) -> str:
    return "/".join(f"*[local-name()='{step}']" for step in path.split("/"))


def _text(element: Any, path: str) -> str:
    return str(element.xpath(f"string({_path(path)})")).strip()


def _euro(text: str) -> Decimal:
    try:
        return abs(Decimal(text)) if text else money.ZERO
    except InvalidOperation:
        return money.ZERO
