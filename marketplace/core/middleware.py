"""Headers that every answer carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

STRICT = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'"
)
#: Wagtail's and Django's admin write a few inline styles and scripts
ADMIN = (
    "default-src 'self'; img-src 'self' data: blob:; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'"
)
ADMIN_PATHS = ("/redaktion/", "/django-admin/")


class SecurityHeadersMiddleware:
    """Content-Security-Policy and Permissions-Policy: strict on our pages, a little looser in the editors' admin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", ADMIN if request.path.startswith(ADMIN_PATHS) else STRICT)
        response.headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), camera=(self), payment=()")
        return response
