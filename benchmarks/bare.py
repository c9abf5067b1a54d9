"""The rival: a Django project as one starts it, with one view that lists 20 articles from the same tables."""

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.views.decorators.cache import cache_page

from marketplace.catalogue.models import Product

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
PAGE = engines["django"].from_string(
    """<!DOCTYPE html><html lang="de"><head><title>Markt</title></head><body><h1>Markt</h1><ul>{% for product in products %}<li>
<h3><a href="{% url 'detail' product.slug product.pk %}">{{ product.title }}</a></h3><p>{{ product.partner.name }}</p>
<p>{{ product.offer|floatformat:2 }} € / {{ product.get_sales_unit_display }}</p>
<form method="post" action="{% url 'add' product.pk %}">{% csrf_token %}<input type="hidden" name="quantity" value="1">
<button>In den Korb</button></form></li>{% endfor %}</ul></body></html>"""
)


def catalogue(request: HttpRequest) -> HttpResponse:
    """One query, one template."""
    rows = Product.objects.filter(is_public=True).select_related("partner").annotate(offer=F("stockrecords__price"))
    return HttpResponse(PAGE.render({"products": rows.order_by("-pk")[:20]}, request))


#: the same with Django's own cache of pages
kept = cache_page(600)(catalogue)


def nothing(_request: HttpRequest, **_given: object) -> HttpResponse:
    """What the links lead to."""
    return HttpResponse()


urlpatterns = [
    path("", catalogue),
    path("kept/", kept),
    path("artikel/<slug:slug>_<int:pk>/", nothing, name="detail"),
    path("korb/<int:pk>/", nothing, name="add"),
]
