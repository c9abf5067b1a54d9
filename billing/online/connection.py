"""Finds the account with the provider that a region pays through, as the environment says. None: it is not offered there."""

import stripe
from django.conf import settings

from billing.online.provider import Provider
from marketplace.regions.models import Region


class Forged(Exception):
    """A report that the provider did not send, or that is old."""


def is_offered(*, region: Region) -> bool:
    """Whether customers of the region can pay online."""
    return bool(_key(region))


def of(*, region: Region) -> Provider | None:
    """The account of a region."""
    key = _key(region)
    if not key:
        return None
    return Provider(key=key, address=settings.STRIPE_ADDRESS, retries=settings.STRIPE_RETRIES, patience=settings.STRIPE_PATIENCE)


def check(*, payload: bytes, signature: str) -> None:
    """Raises `Forged` unless one of our accounts signed it within the last minutes."""
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            stripe.WebhookSignature.verify_header(payload.decode(), signature, secret, tolerance=stripe.Webhook.DEFAULT_TOLERANCE)
        except (stripe.SignatureVerificationError, UnicodeDecodeError):
            continue
        return
    raise Forged


def _key(region: Region) -> str:
    """Each operator has an account of its own; for practice every region gets one by its name."""
    key: str = settings.STRIPE_KEYS.get(region.slug) or settings.STRIPE_KEY
    return f"{key}_{region.slug}" if key and settings.STRIPE_ADDRESS else key
