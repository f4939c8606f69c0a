"""The root of all addresses: the pages, and signing in."""

from django.urls import include, path

urlpatterns = [
    path("akun/", include("allauth.account.urls")),
    path("", include("tanggap.web.urls")),
]
