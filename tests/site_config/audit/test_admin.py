import pytest
from django.urls import reverse

from site_config.audit.log import record
from site_config.audit.models import Entry
from tests.factories import make_draft, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(db):
    return record("published", make_draft(title="One"), by=make_user(display_name="Ann"))


def test_it_works(desk, entry):
    response = desk.get(reverse("admin:audit_entry_changelist"), {"q": "ann"})
    assert "One" in response.content.decode()
    assert desk.get(reverse("admin:audit_entry_change", args=[entry.pk])).status_code == 200


def test_it_checks_access(client, entry):
    client.force_login(make_user())
    assert client.get(reverse("admin:audit_entry_changelist")).status_code == 403


def test_who_may_look_looks(client, entry):
    client.force_login(make_user(permissions=("audit.view_entry",)))
    assert client.get(reverse("admin:audit_entry_changelist")).status_code == 200


def test_nobody_adds_changes_or_deletes(desk, entry):
    assert desk.get(reverse("admin:audit_entry_add")).status_code == 403
    assert desk.post(reverse("admin:audit_entry_change", args=[entry.pk]), {"verb": "x"}).status_code == 403
    assert desk.post(reverse("admin:audit_entry_delete", args=[entry.pk]), {"post": "yes"}).status_code == 403
    desk.post(
        reverse("admin:audit_entry_changelist"), {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"}
    )
    entry.refresh_from_db()
    assert entry.verb == "published"
    assert Entry.objects.filter(pk=entry.pk).exists()
