"""A short quarter with much bad luck: workers killed in the middle, phones without network, goods missing, nobody at home."""

from datetime import date, timedelta

import pytest

from logistics import daytime
from tests.factories import ground
from tests.quarter import bank_jobs, crowd, goods, mishaps, money, provider_verdicts, quarter, verdicts

FIRST = date(2026, 10, 24)  # the week after has an hour more
TODAY, LATER = date(2026, 12, 1), date(2027, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_every_order_box_and_cent_is_accounted_for_whatever_goes_wrong(settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    ground.lay()
    with mishaps.overheard() as overheard, bank_jobs.opened(settings=settings, region=crowd.REGION) as bank:
        market = quarter.lay(orders=12, first=FIRST, seed=5, deaths=0.15, bank=bank)
        for number in range(2):
            quarter.play_round(market, day=FIRST + timedelta(weeks=number), orders=12, tell=lambda _step: None)
        quarter.end_month(market, today=TODAY)
        quarter.make_files(market, at=daytime.midnight(TODAY))
        region, at = market.rule.region, daytime.midnight(TODAY)
        statement = money.settle(quarter=market, today=TODAY, at=at)
        money.hand_over(region=region, mishaps=market.mishaps, today=LATER, at=daytime.midnight(LATER))
        assert verdicts.findings(quarter=market, today=TODAY) == []
        assert list(money.findings(region=region, paid_on=TODAY, today=LATER)) == []
        assert market.told["orders"] == 24
        assert market.mishaps.deaths.total() > 5
        assert market.told["went to pay"] > 3
        assert provider_verdicts.counted()["transfer done"] > 0
        assert goods.counted()["cases"] > 0
        before = verdicts.photograph()
        quarter.everything_again(market, today=TODAY, statement=statement)
        assert verdicts.differences(before, verdicts.photograph()) == []
        assert overheard == []
