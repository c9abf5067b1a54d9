"""`python -m tests.quarter --rounds 13 --orders 400`: plays a quarter in a database of its own and says what does not fit."""

import argparse
import sys
import time
from datetime import date, timedelta
from typing import TYPE_CHECKING

from benchmarks import ground

if TYPE_CHECKING:
    from tests.billing.online.bank import PracticeBank

#: a Saturday; the quarter holds the end of three months and the end of summer time
FIRST = date(2026, 9, 5)


def main() -> int:
    """Print what happened and every finding; the exit code is 1 when there are some."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=13)
    parser.add_argument("--orders", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--deaths", type=float, default=0.05, help="share of jobs whose worker is killed in the middle")
    told = parser.parse_args()
    ground.NAME = "quarter_market"
    with ground.database():
        return _play(told)


def _play(told: argparse.Namespace) -> int:
    from django.conf import settings

    from tests.quarter import bank_jobs, crowd, mishaps

    settings.CELERY_TASK_ALWAYS_EAGER = True
    with mishaps.overheard() as overheard, bank_jobs.opened(settings=settings, region=crowd.REGION) as bank:
        found = [*_found(told, bank), *(f"Logged: {text}" for text in overheard)]
    for text in found:
        sys.stdout.write(f"{text}\n")
    sys.stdout.write(f"{len(found)} findings\n")
    return int(bool(found))


def _found(told: argparse.Namespace, bank: "PracticeBank") -> list[str]:
    from logistics import daytime
    from tests.quarter import goods, money, provider_verdicts, verdicts
    from tests.quarter import quarter as play

    began = time.monotonic()
    market = play.lay(orders=told.orders, first=FIRST, seed=told.seed, deaths=told.deaths, bank=bank)
    for number in range(told.rounds):
        day = FIRST + timedelta(weeks=number)
        play.play_round(market, day=day, orders=told.orders, tell=lambda step: _say(began, f"{day} {step}"))  # noqa: B023 - used at once
    today = (FIRST + timedelta(weeks=told.rounds, days=31)).replace(day=1)
    play.end_month(market, today=today)
    _say(began, f"{play.make_files(market, at=daytime.midnight(today))} documents written and checked by the official rules")
    region = market.rule.region
    statement = money.settle(quarter=market, today=today, at=daytime.midnight(today))
    _say(began, "paid")
    later = (today + timedelta(days=31)).replace(day=1)
    money.hand_over(region=region, mishaps=market.mishaps, today=later, at=daytime.midnight(later))
    _say(began, "handed over to the tax adviser")
    found = [*verdicts.findings(quarter=market, today=today), *money.findings(region=region, paid_on=today, today=later)]
    before = verdicts.photograph()
    play.everything_again(market, today=today, statement=statement)
    found += [f"Done twice: {text}" for text in verdicts.differences(before, verdicts.photograph())]
    sys.stdout.write(f"{dict(market.told)}, deaths {dict(market.mishaps.deaths)}\n")
    sys.stdout.write(f"Goods: {goods.counted()}\nWith the provider: {provider_verdicts.counted()}\n")
    return found


def _say(began: float, text: str) -> None:
    sys.stdout.write(f"{time.monotonic() - began:7.0f} s  {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
