"""Addresses of marks and notices."""

from django.urls import path, re_path

from marketplace.notices.views import choosing, marks, waiting

SIGNED = r"(?P<signed>[A-Za-z0-9_:.-]{1,400})"

app_name = "notices"
urlpatterns = [
    path("konto/merkliste/merken/", marks.mark, name="mark"),
    path("konto/benachrichtigungen/", choosing.index, name="choices"),
    path("benachrichtigen/wie-war-es/", choosing.ask_how_it_was, name="ask_how_it_was"),
    path("benachrichtigen/<int:pk>/", waiting.ask, name="ask"),
    path("benachrichtigen/<int:pk>/nicht/", waiting.drop, name="drop"),
    re_path(rf"^benachrichtigen/ja/{SIGNED}/$", waiting.confirm, name="confirm"),
    re_path(rf"^benachrichtigen/abbestellen/{SIGNED}/$", choosing.stop, name="stop"),
]
