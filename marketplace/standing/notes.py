"""Decides how a standing order tells what came differently from what was wished: one sentence for each article."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from marketplace.core import wording
from marketplace.core.money import to_cents
from marketplace.core.wishes import Substitution

#: what the customer has to decide, because nothing comes otherwise
ASKING = frozenset({"ask", "price_asks", "age"})


def sentences(*, report: Iterable[Mapping[str, Any]]) -> list[str]:
    """The report of a placement as sentences; only what is known is told."""
    return [text for note in report if (text := sentence(note=note))]


def sentence(*, note: Mapping[str, Any]) -> str:
    """One note: `code`, `title`, and the numbers that belong to it (`wanted`, `given`, prices as text)."""
    told = {name: str(value) for name, value in note.items()}
    told |= {name: _euro(told[name]) for name in ("price", "was") if name in told}
    text = _texts().get(told.get("code", ""), "")
    return text % told if text else ""


def missing(*, title: str, wish: str, why: str, wanted: int) -> dict[str, Any]:
    """An article that does not come, by the customer's wish for that case."""
    return {"code": "ask" if wish == Substitution.ASK else "missing", "title": title, "why": why, "wanted": wanted, "given": 0}


def gone() -> str:
    """Why an article does not come that nobody sells any more."""
    return _("It is no longer offered.")


def sold_out() -> str:
    """Why an article does not come of which nothing is left."""
    return _("It is sold out.")


def problem(*, text: str) -> dict[str, Any]:
    """Why nothing was ordered, as the checkout says it."""
    return {"code": "problem", "text": text}


def _texts() -> dict[str, str]:
    return {
        "capped": _("%(title)s: only %(given)s instead of %(wanted)s are there."),
        "missing": _("%(title)s does not come this time: %(why)s"),
        "ask": _("%(title)s does not come this time: %(why)s Please tell us what you want instead."),
        "similar": _("%(title)s is missing; instead %(given)s × %(other)s from the same farm comes, at %(price)s each."),
        "price": _("%(title)s now costs %(price)s instead of %(was)s."),
        "price_asks": _(
            "%(title)s now costs %(price)s instead of %(was)s. That is more than a fifth dearer, so we left it out and ask you "
            "first."
        ),
        "age": _("%(title)s is left out until you confirm that whoever takes it is at least %(age)s years old."),
        "moved": _("Your usual time or place is fully booked or not right for these goods. It comes this way: %(place)s."),
        "problem": "%(text)s",
    }


def _euro(text: str) -> str:
    return wording.euro(to_cents(Decimal(text)))
