from django.urls import include, path

urlpatterns = [path("accounts/", include("site_config.accounts.urls")), path("", include("articles.urls"))]
