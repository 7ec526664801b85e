import pytest
from django.contrib import admin
from django.test import RequestFactory

from articles.models import Tag
from site_config import pages
from site_config.pages.admin import ChangingAdmin
from site_config.pages.models import Generation
from site_config.pages.watcher import ForgottenChange

pytestmark = pytest.mark.django_db


class Plain:
    """Stands for stock admin: each view writes what the test wants."""

    def changeform_view(self, request, write):
        return write()

    delete_view = changelist_view = changeform_view


class Guarded(ChangingAdmin, Plain):
    page_subject = "lists"


def generations() -> dict[str, int]:
    return dict(Generation.objects.values_list("subject", "number"))


def make_tag():
    return Tag.objects.create(name="A tag", slug="a-tag")


@pytest.mark.parametrize("view", ["changeform_view", "delete_view", "changelist_view"])
def test_what_a_post_writes_is_announced(view):
    getattr(Guarded(), view)(RequestFactory().post("/"), make_tag)
    assert generations() == {"lists": 1}


@pytest.mark.parametrize("view", ["changeform_view", "delete_view", "changelist_view"])
def test_a_post_that_writes_nothing_is_not(view):
    getattr(Guarded(), view)(RequestFactory().post("/"), lambda: None)
    assert generations() == {}


def test_a_verb_marks_its_own_subjects():
    def verb():
        with pages.changing("article:7"):
            make_tag()

    Guarded().changeform_view(RequestFactory().post("/"), verb)
    assert generations() == {"article:7": 1}


def test_looking_opens_no_change():
    with pytest.raises(ForgottenChange):
        Guarded().changeform_view(RequestFactory().get("/"), make_tag)


def test_every_desk_of_what_articles_show_is_guarded():
    """Comments have a desk that only calls verbs."""
    for model, desk in admin.site._registry.items():
        if model._meta.app_label == "articles":
            assert isinstance(desk, ChangingAdmin), desk
