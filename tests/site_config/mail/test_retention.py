from datetime import timedelta

import pytest
from django.utils import timezone

from site_config.mail.models import Letter
from site_config.mail.retention import forget

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("state", "days"), [("sent", 30), ("dead", 90)])
def test_letters_are_forgotten_after_their_time(state, days):
    for age in (days - 1, days + 1):
        Letter.objects.create(to="a@b.org", message_id=str(age), state=state, created_at=timezone.now() - timedelta(days=age))
    assert forget() == 1
    assert Letter.objects.get().message_id == str(days - 1)


@pytest.mark.parametrize("state", ["waiting", "sending"])
def test_what_is_not_sent_yet_stays(state):
    Letter.objects.create(to="a@b.org", state=state, created_at=timezone.now() - timedelta(days=400))
    assert forget() == 0
