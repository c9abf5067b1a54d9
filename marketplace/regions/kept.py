"""Decides which pages say the same to every visitor nobody knows, and keeps them as they were written for a minute at most.

Nobody knows a visitor who brings no cookie but the token's and the language's: no session, so no basket, village, message or
name. A page is kept under its whole address and language; it holds while its region's version and that of all sites stand, and
not beyond the moment at which a view said that it will change. See docs/adr/0013-pages-kept-for-visitors.md.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language

from marketplace.core import forgetting

#: nothing that is shown is older, whatever happens
SECONDS: Final = 60
#: nobody's links are longer
LONGEST: Final = 300
#: so many pages with a query are kept of a region in a minute, so many in all; more are written anew each time
MOST_QUERIED, MOST = 300, 3_000
PAGE, VERSION, NUMBER, SITES = "kept:page:{}", "kept:version:{}", "kept:number:{}:{}", "kept:sites"
#: headers that say something of the answer, not of the page
NOT_KEPT: Final = frozenset({"set-cookie", "content-length", "vary", "cache-control", "etag"})
NOT_MODIFIED: Final = 304


@dataclass(frozen=True)
class Kept:
    """A page, cut where the visitor's token stands."""

    parts: tuple[bytes, ...]
    headers: tuple[tuple[str, str], ...]
    mark: str
    region_id: int
    versions: tuple[str, str]


@dataclass
class Keeping:
    """A page that is being written to be kept. `placeholder` stands where the visitor's token goes."""

    key: str
    placeholder: str
    versions: tuple[str, str]
    until: list[datetime] = field(default_factory=list)


def page(*parameters: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Declares a view whose page is kept, asked with no other parameters than these."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            keep(request, parameters=parameters)
            return view(request, *args, **kwargs)

        return inner

    return decorate


def keep(request: HttpRequest, *, parameters: Iterable[str] = ()) -> None:
    """Keep the page that is about to be written, if the visitor is nobody we know and asks with no other parameters."""
    region = getattr(request, "region", None)
    if region is None or not is_for_everybody(request) or not set(request.GET) <= {*parameters}:
        return
    versions = _version(SITES), _version(VERSION.format(region.pk))
    request.keeping = Keeping(_key(request), f"token{uuid.uuid4().hex}", versions)  # type: ignore[attr-defined]  # ours


def until(request: HttpRequest, moment: datetime | None) -> None:
    """The page says something else from that moment on."""
    keeping: Keeping | None = getattr(request, "keeping", None)
    if keeping is not None and moment is not None:
        keeping.until.append(moment)


def forget(*, region_id: int | None = None) -> None:
    """All pages of a region, or of all of them."""
    forgetting.forget(SITES if region_id is None else VERSION.format(region_id))


def found(request: HttpRequest) -> HttpResponse | None:
    """The page as it is kept, with the visitor's own token; none where it has to be written."""
    if not is_for_everybody(request):
        return None
    known: Kept | None = cache.get(_key(request))
    if known is None:
        return None
    places = (SITES, VERSION.format(known.region_id))
    versions = cache.get_many(places)
    if tuple(versions.get(place) for place in places) != known.versions:
        return None
    return _answer(request, known)


def store(request: HttpRequest, response: HttpResponse, *, at: datetime) -> HttpResponse:
    """What the view has written, kept where it may be; the visitor gets it with a token of their own either way."""
    keeping: Keeping | None = getattr(request, "keeping", None)
    if keeping is None or response.streaming:
        return response
    parts = tuple(response.content.split(keeping.placeholder.encode()))
    region_id: int = request.region.pk  # type: ignore[attr-defined]  # RegionMiddleware
    headers = tuple((name, value) for name, value in response.items() if name.lower() not in NOT_KEPT)
    mark = hashlib.sha256(b"".join(parts)).hexdigest()[:20]
    written = Kept(parts, headers, mark, region_id, keeping.versions)
    if not _may_be_kept(request, response):
        response.content = _filled(request, written)
        return response
    seconds = min([SECONDS, *(int((moment - at).total_seconds()) for moment in keeping.until)])
    if seconds > 0 and _room(request, region_id, at):
        cache.set(keeping.key, written, seconds)
    return _answer(request, written)


def is_for_everybody(request: HttpRequest) -> bool:
    """Whether a visitor whom nobody knows asks for a whole page."""
    return (
        request.method == "GET"
        and {settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME}.issuperset(request.COOKIES)
        and not {"HTTP_AUTHORIZATION", "HTTP_HX_REQUEST"} & request.META.keys()
        and len(request.META.get("QUERY_STRING", "")) <= LONGEST
    )


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """Nothing was begun for the visitor meanwhile, and nobody else has decided about the answer."""
    session, user = getattr(request, "session", None), getattr(request, "user", None)
    messages = getattr(request, "_messages", ())
    return (
        response.status_code == 200
        and not response.cookies
        and not response.has_header("Cache-Control")
        and (session is None or (not session.modified and session.is_empty()))
        and (user is None or not user.is_authenticated)
        and not getattr(messages, "added_new", False)
    )


def _answer(request: HttpRequest, known: Kept) -> HttpResponse:
    """The page, or that the browser has it already: its mark names the page and the cookie that its token belongs to."""
    body = _filled(request, known)
    secret = request.META.get("CSRF_COOKIE", "") if len(known.parts) > 1 else ""
    mark = f'W/"{known.mark}{hashlib.sha256(secret.encode()).hexdigest()[:12]}"'
    if mark in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", "")):
        response = HttpResponse(status=NOT_MODIFIED)
        del response["Content-Type"]
    else:
        response = HttpResponse(body, headers=dict(known.headers))
    response["ETag"] = mark
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Cookie", "Accept-Language", "HX-Request"])
    return response


def _filled(request: HttpRequest, known: Kept) -> bytes:
    return get_token(request).encode().join(known.parts) if len(known.parts) > 1 else known.parts[0]


def _key(request: HttpRequest) -> str:
    asked = f"{request.scheme}://{request.get_host()}{request.get_full_path()}#{get_language()}"
    return PAGE.format(hashlib.sha256(asked.encode()).hexdigest())


def _room(request: HttpRequest, region_id: int, at: datetime) -> bool:
    """Whether the region has not kept too much in this minute; a page without a query always finds more room than one with."""
    key = NUMBER.format(region_id, int(at.timestamp()) // SECONDS)
    cache.add(key, 0, 2 * SECONDS)
    try:
        number = cache.incr(key)
    except ValueError:  # emptied in between
        return False
    return number <= (MOST_QUERIED if request.META.get("QUERY_STRING") else MOST)


def _version(key: str) -> str:
    found: str = cache.get_or_set(key, lambda: uuid.uuid4().hex, None) or ""
    return found
