from datetime import timedelta

import pytest

from comments.models import Address, Following, Notice
from comments.notices.following import confirm, never_again
from comments.notices.retention import forget
from tests.comments.making import make_comment
from tests.comments.notices.reading import ask, confirmed, deliver
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def test_who_did_not_confirm_within_a_week_is_forgotten(box, frozen):
    ask(make_article(), "new@example.org")
    ask(make_article(), "kept@example.org")
    confirm(Following.objects.get(address__email="kept@example.org"))
    frozen.shift(timedelta(days=6, hours=23))
    assert forget() == 0
    frozen.shift(timedelta(hours=2))
    assert forget() == 1
    assert list(Address.objects.values_list("email", flat=True)) == ["kept@example.org"]


def test_networks_are_erased_after_a_month(box, frozen):
    ask(make_article())
    confirm(Following.objects.get())
    frozen.shift(timedelta(days=29))
    forget()
    assert Following.objects.get().network
    frozen.shift(timedelta(days=2))
    forget()
    assert Following.objects.get().network == ""


def test_who_wants_no_mail_is_remembered_by_a_hash(box, frozen):
    never_again(confirmed(make_article()))
    frozen.shift(timedelta(days=400))
    forget()
    address = Address.objects.get()
    assert (address.email, len(address.digest)) == ("", 64)


def test_what_was_told_long_ago_is_forgotten(box, frozen):
    article = make_article()
    confirmed(article)
    make_comment(article)
    deliver()
    frozen.shift(timedelta(minutes=5))
    deliver()
    frozen.shift(timedelta(days=59))
    forget()
    assert Notice.objects.count() == 1
    frozen.shift(timedelta(days=2))
    forget()
    assert Notice.objects.count() == 0
