"""Addresses of logistics: the driver's."""

from django.urls import path

from logistics import views

app_name = "logistics"
urlpatterns = [
    path("", views.tour_list, name="tours"),
    path("meldungen/", views.queue, name="queue"),
    path("<int:pk>/", views.tour_page, name="tour"),
    path("<int:pk>/weitergeben/", views.pass_on, name="pass_on"),
    path("uebernehmen/<str:token>/", views.take_over, name="take_over"),
    path("<int:pk>/start/", views.start, name="start"),
    path("<int:pk>/halt/<int:stop_pk>/", views.report, name="report"),
    path("<int:pk>/halt/<int:stop_pk>/leergut/<int:delivery_pk>/", views.take_empties, name="empties"),
    path("<int:pk>/lieferschein/<int:delivery_pk>.pdf", views.slip, name="slip"),
    path("<int:pk>/blatt.pdf", views.tour_sheet, name="sheet"),
]
