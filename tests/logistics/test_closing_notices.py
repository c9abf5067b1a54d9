"""Producers are told once what they pack: sums, then box by box, the list as PDF, and of a customer no more than they need."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail

from logistics import closing_notices
from logistics.models import Collection
from marketplace.core import fonts
from tests.logistics.market import CLOSING, Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder() -> Path:
    return fonts.prepare(settings.TYPESETTING_FONTS)


def tell_all(folder: Path) -> list[bool]:
    due = closing_notices.untold(at=CLOSING)
    return [closing_notices.tell(collection_id=pk, at=CLOSING, folder=folder) for pk in due]


def test_tell_writes_sums_then_codes_with_the_list_and_the_deadline(folder: Path) -> None:
    market = Market()
    honey = market.product(title="Rapshonig")
    first, second = market.order((honey, 2)), market.order((honey, 3), first_name="Okka")
    market.close()
    assert tell_all(folder) == [True]
    message = mail.outbox[0]
    body = str(message.body)
    assert message.to == [honey.partner.email]
    assert body.index("5 × Rapshonig") < body.index(first.code)
    assert f"{second.code} Okka" in body
    assert "Fehlt Ihnen etwas? Bitte sagen Sie es bis Donnerstag, 26. November, 21:00 Uhr." in body
    assert "Feldweg" not in body
    name, content, kind = message.attachments[0]
    assert (str(name).endswith(".pdf"), kind) == (True, "application/pdf")
    assert bytes(content)[:5] == b"%PDF-"


def test_tell_sends_once_however_often_the_job_runs(folder: Path) -> None:
    market = Market()
    market.order((market.product(), 1))
    market.close()
    pk = Collection.objects.get().pk
    assert [closing_notices.tell(collection_id=pk, at=CLOSING, folder=folder) for _run in range(3)] == [True, False, False]
    assert len(mail.outbox) == 1


def test_a_mail_that_fails_stays_due(folder: Path, settings: Any) -> None:
    market = Market()
    market.order((market.product(), 1))
    market.close()
    pk = Collection.objects.get().pk
    settings.EMAIL_BACKEND = "tests.billing.deliveries.NoMail"
    with pytest.raises(ConnectionRefusedError):
        closing_notices.tell(collection_id=pk, at=CLOSING, folder=folder)
    assert closing_notices.untold(at=CLOSING) == [pk]


def test_who_packs_nothing_is_told_nothing(folder: Path) -> None:
    market = Market()
    market.product()
    market.order((market.product(), 1))
    market.close()
    Collection.objects.update(status=Collection.Status.CALLED_OFF)
    assert closing_notices.untold(at=CLOSING) == []
