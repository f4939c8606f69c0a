"""The root of all addresses: the pages, signing in, and the pages for what went wrong."""

from allauth.account import views as account
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("masuk", RedirectView.as_view(pattern_name="account_login", query_string=True), name="sign_in"),
    # Of signing in only what there are pages for: a lost password is an administrator's matter while no mail leaves.
    path("akun/login/", account.login, name="account_login"),
    path("akun/logout/", account.logout, name="account_logout"),
    path("akun/password/change/", account.password_change, name="account_change_password"),
    path("akun/inactive/", account.account_inactive, name="account_inactive"),
    path("", include("tanggap.web.urls")),
]

handler400 = "tanggap.web.errors.pages.bad_request"
handler403 = "tanggap.web.errors.pages.forbidden"
handler404 = "tanggap.web.errors.pages.not_found"
handler500 = "tanggap.web.errors.pages.broken"
