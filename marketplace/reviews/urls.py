"""Addresses of reviews: for everybody, for the office, for producers."""

from django.urls import path, re_path

from marketplace.reviews.views import office, producer, reading, reporting, writing

app_name = "reviews"
urlpatterns = [
    re_path(r"^bewerten/(?P<signed>[A-Za-z0-9_:.=-]{1,200})/(?P<line_pk>\d{1,18})/$", writing.write, name="write"),
    re_path(r"^bewerten/(?P<signed>[A-Za-z0-9_:.=-]{1,200})/$", writing.order, name="order"),
    path("bewertungen/<int:pk>/melden/", reporting.report, name="report"),
    path("artikel/<slug:slug>_<int:pk>/bewertungen/", reading.article, name="article"),
    path("betriebe/<slug:slug>/bewertungen/", reading.producer, name="of_producer"),
    path("buero/bewertungen/", office.review_list, name="office"),
    path("buero/bewertungen/<int:pk>/veroeffentlichen/", office.publish, name="publish"),
    path("buero/bewertungen/<int:pk>/ablehnen/", office.refuse, name="refuse"),
    path("buero/bewertungen/gemeldet/", office.reported, name="reported"),
    path("buero/bewertungen/<int:pk>/entscheiden/", office.judge, name="judge"),
    path("betrieb/bewertungen/", producer.review_list, name="producer"),
    path("betrieb/bewertungen/<int:pk>/antworten/", producer.reply, name="reply"),
]
