"""Says what goes to the payment provider of customers and of producers, what it asks itself, and what comes back: the one source.

The privacy notice, "My data", the page before paying and the producers' page all read it here. A test holds it against the
fields that `provider` and `remitting` send.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

COMPANY = "Stripe Payments Europe, Limited, Dublin"
NOTICE = "https://stripe.com/de/privacy"


class Item(StrEnum):
    """What is passed on."""

    AMOUNT = "amount"
    NUMBER = "number"
    EMAIL = "email"
    RETURN = "return"
    KEY = "key"
    KEPT = "kept"
    BUSINESS = "business"
    BUSINESS_EMAIL = "business_email"
    WEBSITE = "website"
    REFERENCE = "reference"
    ACCOUNT = "account"


#: the items of each
OF_CUSTOMERS = (Item.AMOUNT, Item.NUMBER, Item.EMAIL, Item.RETURN, Item.KEY, Item.KEPT)
OF_PRODUCERS = (Item.BUSINESS, Item.BUSINESS_EMAIL, Item.WEBSITE, Item.REFERENCE, Item.ACCOUNT)
#: every field that is sent, and what it says of somebody; None: nothing
FIELDS: dict[str, Item | None] = {
    "unit_amount": Item.AMOUNT,
    "amount": Item.AMOUNT,
    "amount_to_capture": Item.AMOUNT,
    "client_reference_id": Item.NUMBER,
    "name": Item.NUMBER,  # of what is paid for: "Bestellung 123"; of a business it is BUSINESS
    "customer_email": Item.EMAIL,
    "success_url": Item.RETURN,
    "cancel_url": Item.RETURN,
    "payment": Item.KEY,
    "refund": Item.KEY,
    "payment_intent": Item.KEY,
    "customer": Item.KEPT,
    "payment_method": Item.KEPT,
    "business_profile": Item.BUSINESS,
    "email": Item.BUSINESS_EMAIL,
    "url": Item.WEBSITE,
    "business": Item.REFERENCE,
    "transfer": Item.ACCOUNT,
    "reversal": Item.ACCOUNT,
    "transfer_group": Item.ACCOUNT,
    "description": Item.ACCOUNT,
    "destination": Item.ACCOUNT,
    "account": Item.ACCOUNT,
    "return_url": None,  # a page of the workspace, the same for every business
    "refresh_url": None,
    **dict.fromkeys(
        (
            "capabilities", "capture_method", "confirm", "country", "created", "currency", "customer_creation", "data", "expand",
            "expires_at", "gte", "idempotency_key", "limit", "line_items", "locale", "metadata", "mode", "off_session",
            "payment_intent_data", "price_data", "product_data", "quantity", "requested", "setup_future_usage",
            "setup_intent_data", "transfers", "type",
        )
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Disclosure:
    """What is told to one kind of people: sentences, and the `passed` items as a list."""

    anchor: str
    title: str
    who: str
    passed: Sequence[str]
    not_passed: str
    there: str
    back: str
    kept: str
    ground: str
    link: str = NOTICE


def of_customers() -> Disclosure:
    """For who pays online."""
    return Disclosure(
        anchor="stripe",
        title=_("Paying online: what Stripe learns of you"),
        who=_("Only if you pay online, our payment service %(company)s does it. For what it does there, Stripe answers itself.")
        % {"company": COMPANY},
        passed=[_words()[item] for item in OF_CUSTOMERS],
        not_passed=_("We do not pass on your name, your address, your telephone number, nor what you have bought."),
        there=_(
            "On its page you tell Stripe yourself what it needs for your way to pay, such as your name and the number of your "
            "card or your IBAN. It also sees the device from which you pay, and looks for fraud. None of that reaches us."
        ),
        back=_(
            "Stripe tells us whether it worked, how much is held, taken or given back, and in one word why a bank refuses or "
            "takes something back. Of its reports we keep numbers only."
        ),
        kept=_(
            "What you left for an order is forgotten there as soon as the order is paid or over. Stripe keeps the payment itself "
            "and your e-mail address as long as the law wants it to; in our books it stays as long as invoices must. Stripe may "
            "also work with data in the USA, under the rules that the EU has agreed on for that."
        ),
        ground=_("It is needed for the contract with you (Art. 6 (1) b GDPR). You can pay in another way at any time."),
    )


def of_producers() -> Disclosure:
    """For businesses that are paid through the provider."""
    return Disclosure(
        anchor="stripe-businesses",
        title=_("Payouts to businesses: what Stripe learns"),
        who=_(
            "Only businesses that sell in their own name and open an account for it themselves are paid by %(company)s. All "
            "others are paid by the bank, and Stripe learns nothing of them."
        )
        % {"company": COMPANY},
        passed=[_words()[item] for item in OF_PRODUCERS],
        not_passed=_("We do not pass on your tax number, your bank account, your contract, nor who your customers are."),
        there=_(
            "On its page you tell Stripe yourself who you are, for whom you act, and to which bank account it pays. It must ask "
            "for that by the law against money laundering, also for a document of identity. None of that reaches us."
        ),
        back=_("Stripe tells us whether all is there, whether it can pay you, and in one word what is missing."),
        kept=_(
            "The account is yours: you close it with Stripe. What was paid out stays in our books as long as invoices must. "
            "Stripe may also work with data in the USA, under the rules that the EU has agreed on for that."
        ),
        ground=_(
            "It is needed for the contract with you (Art. 6 (1) b GDPR). You can be paid by the bank at any time: tell the "
            "office."
        ),
    )


def _words() -> dict[Item, str]:
    return {
        Item.AMOUNT: _("the amount: what is held, taken or given back"),
        Item.NUMBER: _("the number of the order or invoice"),
        Item.EMAIL: _("your e-mail address, so that its page need not ask for it"),
        Item.RETURN: _("the address of our page to which you come back"),
        Item.KEY: _("a number of ours for each payment, so that nothing is taken twice"),
        Item.KEPT: _("the number under which it keeps your means of payment, when something is taken after the delivery"),
        Item.BUSINESS: _("the name of the business"),
        Item.BUSINESS_EMAIL: _("its e-mail address"),
        Item.WEBSITE: _("the address of its page on the market"),
        Item.REFERENCE: _("our number for the business"),
        Item.ACCOUNT: _("for each payout: the amount, the number of the statement, and what comes back of it"),
    }
