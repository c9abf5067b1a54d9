"""Phone numbers as people write them, and addresses with a question in them."""

from django import template
from django.utils.http import urlencode

from marketplace.desk import numbers
from marketplace.desk.models import Call

register = template.Library()


@register.filter
def phone(number: str) -> str:
    """``{{ caller.number|phone }}``: 04356 1234."""
    return numbers.shown(number=number)


@register.simple_tag
def query_for(url: str, **asked: str) -> str:
    """``{% query_for url q=q as address %}``: the address with what is asked."""
    return f"{url}?{urlencode(asked)}"


@register.simple_tag
def call_topics() -> list[tuple[str, str]]:
    """``{% call_topics as topics %}``: value and label of each topic of a call."""
    return [(topic.value, str(topic.label)) for topic in Call.Topic]
