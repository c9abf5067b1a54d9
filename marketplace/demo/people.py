"""Gives logins to the people of the demo, and accounts to the kitchens that pay once a month."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from billing.models import Account
from marketplace.demo import hubwork
from marketplace.demo.market import Customer, Market
from marketplace.regions.models import Membership, Municipality, Region, Role
from marketplace.users import addresses, profiles
from marketplace.users.models import User

#: the one password of everybody in the demo; a demo is no place for secrets
PASSWORD = "marktrunde-demo"  # noqa: S105 - published on purpose
OFFICE = {"huettener-berge": "buero@marktrunde.example", "norderstedt": "buero@norderstedt.example"}
#: what is booked by hand needs a second person
TILL = {"huettener-berge": "kasse@marktrunde.example", "norderstedt": "kasse@norderstedt.example"}
EDITORS = {"huettener-berge": "redaktion@marktrunde.example", "norderstedt": "redaktion@norderstedt.example"}
FIRST_ACCOUNT = 10_001

Person = tuple[str, str, str]  # e-mail, first name, last name


def enrol(*, market: Market, at: datetime) -> dict[str, User]:
    """A login for everybody who needs one, by e-mail; their addresses count as confirmed."""
    people: list[Person] = [
        *((email, "Birte", "Bürobeispiel") for email in OFFICE.values()),
        *((email, "Karsten", "Kassenbeispiel") for email in TILL.values()),
        *((email, "Rieke", "Redaktionsmuster") for email in EDITORS.values()),
        *((email, "Gesche", "Gemeindehausmuster") for email in hubwork.HOSTS.values()),
        *((driver.email, driver.first_name, driver.last_name) for driver in market.drivers),
        *((producer.email, producer.contact_first, producer.contact_last) for producer in market.producers),
        *((row.email, row.first_name, row.last_name) for row in market.customers if not row.guest),
    ]
    password = make_password(PASSWORD)  # once: hashing is slow on purpose
    users = User.objects.bulk_create(
        User(email=email, first_name=first, last_name=last, password=password, date_joined=at) for email, first, last in people
    )
    EmailAddress.objects.bulk_create(EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users)
    return {user.email: user for user in users}


def give_roles(*, market: Market, regions: Mapping[str, Region], users: Mapping[str, User]) -> None:
    """Office and drivers of each region; editors are appointed with their pages."""
    roles = [
        *((OFFICE[slug], slug, Role.OFFICE) for slug in regions),
        *((TILL[slug], slug, Role.OFFICE) for slug in regions),
        *((driver.email, driver.region, Role.DRIVER) for driver in market.drivers),
    ]
    Membership.objects.bulk_create(Membership(region=regions[slug], user=users[email], role=role) for email, slug, role in roles)


def know_addresses(*, market: Market, users: Mapping[str, User], villages: Mapping[tuple[str, str], Municipality]) -> None:
    """What customers with a login need not type again."""
    for customer in _known(market.customers):
        village = villages[customer.region, customer.municipality]
        profiles.keep(
            user=users[customer.email],
            first_name=customer.first_name,
            last_name=customer.last_name,
            phone=customer.phone,
            company=customer.company,
            municipality=village,
        )
        addresses.remember(
            user=users[customer.email], street=customer.street, postal_code=customer.postal_code, municipality=village
        )


def open_accounts(
    *, market: Market, regions: Mapping[str, Region], users: Mapping[str, User], at: datetime
) -> dict[str, Account]:
    """The monthly accounts by the customer's slug."""
    found = {}
    for number, customer in enumerate((row for row in _known(market.customers) if row.terms), start=FIRST_ACCOUNT):
        terms = customer.terms
        if terms is None:
            continue
        account = Account.objects.create(
            region=regions[customer.region],
            number=f"K-{number}",
            name=customer.company,
            approved_at=at,
            street=customer.street,
            postal_code=customer.postal_code,
            city=customer.city,
            email=customer.email,
            vat_id=terms.vat_id,
            leitweg_id=terms.leitweg_id,
            payment_days=terms.payment_days,
            credit_limit=terms.credit_limit,
        )
        account.users.add(users[customer.email])
        found[customer.slug] = account
    return found


def _known(customers: Iterable[Customer]) -> list[Customer]:
    return [customer for customer in customers if not customer.guest]


def logins() -> list[tuple[str, str, str]]:
    """The logins worth trying: whose it is, e-mail, and the page where that person begins."""
    return [
        (_("Customer"), "anke.apfelstedt@post.example", "/konto/"),
        (_("Restaurant on monthly account"), "kueche@gasthaus-zum-springenden-hecht.example", "/konto/rechnungen/"),
        (_("Producer (cheese)"), "hallo@kaeserei-sieben-sterne.example", "/betrieb/"),
        (_("Producer (vegetables)"), "hallo@gemuesehof-krummer-pflug.example", "/betrieb/"),
        (_("Driver"), "jasper@fahrer.example", "/fahrt/"),
        (_("Pickup point"), next(iter(hubwork.HOSTS.values())), "/abholstelle/"),
        (_("Office"), OFFICE["huettener-berge"], "/buero/"),
        (_("Editors"), EDITORS["huettener-berge"], "/redaktion/"),
    ]
