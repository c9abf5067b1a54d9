"""Who may sell in a region."""

from typing import Any

import pytest

from marketplace.core.models import AuditEntry
from marketplace.core.transitions import ForbiddenTransition
from marketplace.partner import producers
from marketplace.partner.models import Partner
from tests.factories.market import NOW, MunicipalityFactory, PartnerFactory, UserFactory

pytestmark = pytest.mark.django_db
DETAILS: dict[str, Any] = {
    "name": "Käserei Müller",
    "contact_first_name": "Hanne",
    "contact_last_name": "Müller",
    "street": "Feldweg 3",
    "postal_code": "24361",
    "city": "Haby",
    "latitude": 54.4,
    "longitude": 9.8,
    "email": "hof@hof.example",
    "phone": "+49 4356 000001",
}


def test_apply_registers_a_business_that_is_not_selling_yet() -> None:
    village, by = MunicipalityFactory.create(), UserFactory.create()
    partner = producers.apply(region=village.region, municipality=village, at=NOW, by=by, **DETAILS)
    assert (partner.slug, partner.status, list(Partner.objects.run_by(by))) == ("kaeserei-mueller", "applied", [partner])
    assert not Partner.objects.selling().exists()


def test_apply_finds_a_free_slug_for_a_name_that_is_taken() -> None:
    village = MunicipalityFactory.create()
    first, second = (
        producers.apply(region=village.region, municipality=village, at=NOW, by=None, **DETAILS).slug for _ in range(2)
    )
    assert (first, second) == ("kaeserei-mueller", "kaeserei-mueller-2")


def test_apply_wants_the_identity_that_the_law_wants_shown() -> None:
    village = MunicipalityFactory.create()
    with pytest.raises(producers.BadApplication):
        producers.apply(region=village.region, municipality=village, at=NOW, by=None, **{**DETAILS, "phone": " "})


def test_approve_lets_an_applicant_sell_and_writes_it_down() -> None:
    partner, by = PartnerFactory.create(status="applied", approved_at=None), UserFactory.create()
    producers.approve(partner=partner, at=NOW, by=by)
    partner.refresh_from_db()
    assert (partner.status, partner.approved_at) == ("approved", NOW)
    assert AuditEntry.objects.get(action="producer.approved").by == by


def test_approve_twice_is_refused() -> None:
    partner = PartnerFactory.create()
    with pytest.raises(ForbiddenTransition):
        producers.approve(partner=partner, at=NOW, by=None)


def test_suspend_says_why() -> None:
    partner = PartnerFactory.create()
    producers.suspend(partner=partner, reason="Zertifikat fehlt", at=NOW, by=None)
    partner.refresh_from_db()
    assert (partner.status, AuditEntry.objects.get().new["reason"]) == ("suspended", "Zertifikat fehlt")
