"""What the market's jobs do with the payment provider in a quarter, and the practice bank that plays it over HTTP."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from billing import agencies
from billing.models import ConnectedAccount
from billing.online import connection, jobs, onboarding, reports, transferring
from billing.online.remitting import Remitter
from marketplace.checkout import unpaid
from marketplace.partner.models import Partner
from tests.billing.online.bank import SECRET, PracticeBank, running, signed
from tests.quarter import paying

if TYPE_CHECKING:
    from tests.quarter.quarter import Quarter

#: seconds that a debit takes
DEBITS_TAKE = 2 * 86400
#: of a hundred reports: never sent, sent with the next ones, sent twice
LOST, LATE, TWICE = 8, 30, 30
HOME = "http://localhost/betrieb/"


@contextmanager
def opened(*, settings: Any, region: str) -> Iterator[PracticeBank]:
    """A new account of the region with the practice bank; the settings tell the market of it. Reports are kept back."""
    key = f"sk_test_{uuid.uuid4().hex}"
    with running(debit_seconds=DEBITS_TAKE) as address:
        settings.STRIPE_KEY, settings.STRIPE_ADDRESS, settings.STRIPE_RETRIES = key, address, 0
        settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
        bank = PracticeBank(address=address, account=f"{key}_{region}")
        bank.do("reports", held=True)
        yield bank


def connect(quarter: "Quarter", at: datetime) -> None:
    """Who sells in its own name tells the provider everything; the office lets it be paid there."""
    remitter = Remitter(provider=paying.provider(quarter))
    quarter.bank.set_clock(at)
    for partner in Partner.objects.filter(pk__in=agencies.on(region_id=quarter.rule.region_id, day=at.date())).order_by("pk"):
        page = onboarding.page_for(partner=partner, remitter=remitter, at=at, back=HOME, again=HOME, website="")
        quarter.bank.send(page, {"told": "all"})
        account = onboarding.follow(account=ConnectedAccount.objects.get(partner=partner), remitter=remitter, at=at)
        onboarding.choose(account=account, wanted=True, at=at, by=quarter.office)


def beat(quarter: "Quarter", at: datetime, *, faults: bool = True) -> None:
    """A while passes at the provider; reports come in, and everything that is due with it is done, by workers that die."""
    work = quarter.mishaps.work
    at = quarter.clock = max(quarter.clock, at)
    quarter.bank.let_time_work(at)
    if faults:
        paying.plan_faults(quarter, at)
    _hear(quarter, at)
    work("unpaid", partial(unpaid.end_due, at=at))
    work("follow", partial(jobs.follow, at=at))
    work("catch up", partial(jobs.catch_up, at=at))
    quarter.bank.do("no_faults")  # some minutes later it answers again
    work("follow", partial(jobs.follow, at=at))


def pay_out(quarter: "Quarter", at: datetime) -> None:
    """The provider transfers to the operator's bank all that it holds."""
    at = quarter.clock = max(quarter.clock, at)
    quarter.bank.set_clock(at)
    if quarter.bank.do("pay_out")["payout"] is not None:
        quarter.told["provider's payouts"] += 1


def pay_on(quarter: "Quarter", slug: str) -> None:
    """What lies on a producer's account goes to its bank."""
    account = ConnectedAccount.objects.get(partner__slug=slug)
    quarter.bank.do("pay_on", number=account.number)


def settle_up(quarter: "Quarter", at: datetime) -> None:
    """Nothing is to go wrong any more: all that was late comes in, what waits for money is left to the bank."""
    for _turn in range(3):
        beat(quarter, at, faults=False)
    remitter = Remitter(provider=paying.provider(quarter))
    for transfer in transferring.held_up(region=quarter.rule.region):
        give_up = partial(transferring.give_up, transfer=transfer, remitter=remitter, at=at, by=quarter.office)
        quarter.mishaps.work("give up", give_up)
        quarter.told["left to the bank"] += 1


def again(quarter: "Quarter", at: datetime) -> None:
    """Every job once more, and every report that there ever was."""
    quarter.bank.let_time_work(at)
    for event in quarter.heard.values():
        _take(event, at)
    unpaid.end_due(at=at)
    jobs.collect(at=at)
    jobs.follow(at=at)
    jobs.catch_up(at=at)


def _hear(quarter: "Quarter", at: datetime) -> None:
    """Reports come in any order, some twice, some late, some never."""
    new = quarter.bank.do("reports", held=False)["events"]
    quarter.bank.do("reports", held=True)
    dice = quarter.dice("reports", at)
    arriving = list(quarter.delayed)
    quarter.delayed.clear()
    for event in new:
        thrown = dice.randrange(100)
        if thrown < LOST:
            quarter.told["reports lost"] += 1
        elif thrown < LOST + LATE:
            quarter.delayed.append(event)
        else:
            arriving += [event] * (2 if dice.randrange(100) < TWICE else 1)
    dice.shuffle(arriving)
    for event in arriving:
        quarter.heard[event["id"]] = event
        quarter.mishaps.work("report", partial(_take, event, at))
    quarter.told["provider's reports"] += len(arriving)


def _take(event: dict[str, Any], at: datetime) -> None:
    """As the page for reports does it: nothing is kept that nobody signed."""
    payload, signature = signed(event, at=time.time())
    connection.check(payload=payload, signature=signature)
    reports.store(payload=payload, at=at)
