"""The addresses of the workspace."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path, register_converter

from tieout.reconciliation.checks.rules import Kind
from tieout.workspace import actuals_views, decision_views, price_views, time_views, views


class KindConverter:
    """A kind of source line in an address: ``expense``, ``vendor-invoice-line``."""

    regex = "|".join(kind.value.replace("_", "-") for kind in Kind)

    def to_python(self, value: str) -> Kind:
        """Return the kind."""
        return Kind(value.replace("-", "_"))

    def to_url(self, value: Kind) -> str:
        """Return its word in an address."""
        return value.value.replace("_", "-")


register_converter(KindConverter, "kind")

urlpatterns = [
    path("", views.home, name="home"),
    path(
        "login/",
        LoginView.as_view(template_name="workspace/login.html", redirect_authenticated_user=True),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("runs/<uuid:run_id>/", views.run, name="run"),
    path("companies/<str:company>/", views.summary, name="summary"),
    path("companies/<str:company>/<kind:kind>/", views.grid, name="grid"),
    path("companies/<str:company>/<kind:kind>/sync/", views.sync, name="sync"),
    path("companies/<str:company>/actuals/sync/", views.sync_actuals, name="sync-actuals"),
    path("companies/<str:company>/trace/", views.trace, name="trace"),
    path("companies/<str:company>/time/", time_views.time_page, name="time"),
    path("companies/<str:company>/approvals/", time_views.approvals_page, name="approvals"),
    path("companies/<str:company>/decisions/", decision_views.decisions, name="decisions"),
    path("companies/<str:company>/projects/", actuals_views.projects_page, name="projects"),
    path("companies/<str:company>/actuals/", actuals_views.actuals, name="actuals"),
    path("companies/<str:company>/actuals/to-date/", actuals_views.to_date, name="actuals-to-date"),
    path("companies/<str:company>/actuals/export/<str:kind>/", actuals_views.export, name="actuals-export"),
    path(
        "companies/<str:company>/actuals/<uuid:actual_id>/price/",
        price_views.price_of_actual,
        name="actual-price",
    ),
    path("companies/<str:company>/prices/", price_views.prices, name="prices"),
]
