"""The root of all addresses: the pages, signing in, and the pages for what went wrong."""

from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("masuk", RedirectView.as_view(pattern_name="account_login", query_string=True), name="sign_in"),
    path("akun/", include("allauth.account.urls")),
    path("", include("tanggap.web.urls")),
]

handler400 = "tanggap.web.errors.pages.bad_request"
handler403 = "tanggap.web.errors.pages.forbidden"
handler404 = "tanggap.web.errors.pages.not_found"
handler500 = "tanggap.web.errors.pages.broken"
