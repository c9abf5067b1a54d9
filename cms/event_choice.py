"""Decides which events a visitor has chosen, by month and by village, and which others can be chosen with how many events.

A choice is a link: it can be passed on and survives the back button. The two choices combine.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cms.events import Happening
from marketplace.shop.filters import Chip

MONTH, VILLAGE = "monat", "ort"


@dataclass(frozen=True)
class Chosen:
    """The events that fit, and the choices by month and by village; a row is empty where there is nothing to choose."""

    happenings: list[Happening]
    months: list[Chip]
    villages: list[Chip]

    @property
    def is_narrow(self) -> bool:
        """Whether something is chosen."""
        return any(chip.current for chip in (*self.months, *self.villages))


def choose(*, coming: Sequence[Happening], asked: Mapping[str, str]) -> Chosen:
    """What fits what was `asked` for in the address; a month or village without events is as if it was not asked for."""
    wanted = {name: asked.get(name, "") for name in KEYS}
    wanted = {name: value for name, value in wanted.items() if value in {KEYS[name](one) for one in coming} - {""}}
    rows = {
        name: [one for one in coming if all(KEYS[other](one) == value for other, value in wanted.items() if other != name)]
        for name in KEYS
    }
    return Chosen(
        happenings=[one for one in coming if all(KEYS[name](one) == value for name, value in wanted.items())],
        months=_chips(MONTH, rows[MONTH], wanted, lambda one: date_format(one.day, "F Y")),
        villages=_chips(VILLAGE, rows[VILLAGE], wanted, lambda one: one.village),
    )


def _month(one: Happening) -> str:
    return f"{one.day:%Y-%m}"


def _village(one: Happening) -> str:
    return slugify(one.village)


KEYS: dict[str, Callable[[Happening], str]] = {MONTH: _month, VILLAGE: _village}


def _chips(name: str, rows: Sequence[Happening], wanted: Mapping[str, str], label: Callable[[Happening], str]) -> list[Chip]:
    """One chip a value, in the order of the events; months as the calendar goes, villages by name."""
    labels = {KEYS[name](one): label(one) for one in rows if KEYS[name](one)}
    if len(labels) < 2 and name not in wanted:
        return []
    values = sorted(labels) if name == MONTH else sorted(labels, key=lambda value: labels[value])
    everything = Chip(_url(wanted, name, ""), _("All months") if name == MONTH else _("All villages"), name not in wanted)
    return [
        everything,
        *(
            Chip(
                _url(wanted, name, value), labels[value], wanted.get(name) == value, sum(KEYS[name](one) == value for one in rows)
            )
            for value in values
        ),
    ]


def _url(wanted: Mapping[str, str], name: str, value: str) -> str:
    told = {key: text for key, text in {**wanted, name: value}.items() if text}
    return f"?{urlencode(told)}" if told else "."
