"""Logging in by a code that is sent to an address which we know already."""

from typing import Any

from allauth.account.views import request_login_code
from django.http import HttpRequest, HttpResponseBase, QueryDict


def send_code(request: HttpRequest, *, email: str, next_url: str = "") -> HttpResponseBase:
    """Send a login code and lead to the page where it is typed, as if the visitor had entered the address; limited like that."""
    posted = QueryDict(mutable=True)
    posted.update({"email": email, **({"next": next_url} if next_url else {})})
    asking: Any = request
    asking.POST = posted
    answer: HttpResponseBase = request_login_code(asking)
    return answer
