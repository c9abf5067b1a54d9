"""Where everything is. Wagtail comes last: what nobody else answers is a page."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("django-admin/", admin.site.urls),
    path("redaktion/", include(wagtailadmin_urls)),
    path("dokumente/", include(wagtaildocs_urls)),
    path("konto/", include("marketplace.customers.urls")),  # konto/, konto/bestellungen/…, bestellung by signed link
    path("", include("marketplace.customers.day.urls")),  # heute/… and abholen/… by signed link
    path("ersatz/", include("marketplace.customers.substitutes.urls")),  # ersatz/… by signed link
    path("konto/", include("marketplace.checkout.change_urls")),  # konto/bestellungen/…/aendern/
    path("konto/", include("billing.urls")),  # konto/rechnungen/…
    path("", include("marketplace.standing.urls")),  # konto/dauerbestellungen/, konto/bestellungen/…/nochmal/, vertrag-kuendigen/
    path("", include("marketplace.notices.urls")),  # konto/merkliste/merken/, konto/benachrichtigungen/, benachrichtigen/
    path("", include("marketplace.aftersales.urls")),  # vertrag-widerrufen/, reklamation/, erstattung/, buero/…, betrieb/…
    path("", include("marketplace.reviews.urls")),  # bewerten/, artikel/…/bewertungen/, betriebe/…, buero/…, betrieb/…
    path("konto/", include("allauth.urls")),
    path("korb/", include("marketplace.shop.basket_urls")),
    path("kasse/", include("marketplace.checkout.urls")),
    path("betrieb/", include("marketplace.dashboard.urls")),  # the producers' workspace
    path("buero/telefon/", include("marketplace.desk.urls")),  # orders taken down on the telephone
    path("kalender/", include("marketplace.dashboard.feed_urls")),  # kalender/….ics by signed link
    path("buero/", include("marketplace.dashboard.office_urls")),  # the office
    path("fahrt/", include("logistics.urls")),  # the driver
    path("umschlag/", include("logistics.hub.urls")),  # whoever sorts the goods at the hub
    path("abholstelle/", include("logistics.pickup.urls")),  # whoever hands goods out at a pickup point
    path("ort/", include("marketplace.regions.urls")),
    path("", include("marketplace.shop.offline_urls")),  # manifest.webmanifest, sw.js, ohne-netz/, korb/nachholen/
    path("", include("marketplace.shop.urls")),  # markt/, artikel/, betriebe/, suche/
    # in production the proxy or the object storage serves these
    *([path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT})] if not settings.PRODUCTION else []),
    path("", include("cms.urls")),  # sitemap.xml, robots.txt
    path("", include(wagtail_urls)),
]
