"""Decides how a guest becomes a customer: after the order, with one tap, without inventing a password."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models.functions import Lower

from logistics.models import Delivery
from marketplace.order.models import Order
from marketplace.users import addresses, profiles
from marketplace.users.models import User


@transaction.atomic
def open_account(*, order: Order, delivery: Delivery) -> User:
    """The person with the e-mail address of a guest's order; a new one gets name and address from it.

    Nothing is shown to anybody by this: the person has to prove the address by a code before the order is theirs (`adopt`).
    """
    email = order.guest_email.lower()
    known: User | None = User.objects.annotate(lower=Lower("email")).filter(lower=email).first()
    if known is not None:
        return known
    user = User(email=email)
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
    home = delivery.kind == Delivery.Kind.HOME and not order.is_gift
    profiles.keep(
        user=user,
        first_name=order.first_name,
        last_name=order.last_name,
        phone=order.phone,
        company=order.company,
        municipality=None if order.is_gift else delivery.municipality,
    )
    if home and delivery.municipality is not None:
        addresses.remember(
            user=user, street=delivery.street, postal_code=delivery.postal_code, municipality=delivery.municipality
        )
    return user


@transaction.atomic
def prove(*, user: User, by_login_code: bool) -> int:
    """The address of a person is proven for the first time; says how many orders are the person's since then.

    A password that was set before somebody typed the code of a login may be a stranger's, who signed up with the address and
    waited for its owner: it does not hold any more.
    """
    if by_login_code and user.has_usable_password():
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return adopt(user=user)


def adopt(*, user: User) -> int:
    """Give a person the orders that were placed as a guest with their proven e-mail address; says how many."""
    proven = EmailAddress.objects.filter(user=user, verified=True).values_list(Lower("email"), flat=True)
    mine = Order.objects.filter(user__isnull=True).annotate(lower=Lower("guest_email"))
    return int(mine.filter(lower__in=list(proven)).update(user=user))
