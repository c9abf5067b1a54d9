"""What the pages about an account's devices need."""

from django import template

from marketplace.customers import devices

register = template.Library()


@register.filter
def device(user_agent: str) -> str:
    """``{{ session.user_agent|device }}``: Firefox, Windows."""
    return devices.name(user_agent=user_agent)
