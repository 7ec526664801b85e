import pytest
from django.urls import reverse

from site_config.jobs.models import Job
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LIST = "admin:jobs_job_changelist"


@pytest.fixture
def dead(db):
    return Job.objects.create(task="a.b.draw", state="dead", attempts=10, last_error="Trouble: no use")


def test_it_works(desk, dead):
    response = desk.get(reverse(LIST))
    assert response.status_code == 200
    assert "Trouble: no use" in response.content.decode()


def test_it_checks_access(client, dead):
    client.force_login(make_user())
    assert client.get(reverse(LIST)).status_code == 403


def test_a_dead_job_can_be_tried_again(desk, dead):
    desk.post(reverse(LIST), {"action": "try_again", "_selected_action": [dead.pk]})
    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == ("waiting", 0)


def test_a_running_job_is_left_alone(desk, dead):
    Job.objects.update(state="running", attempts=3)
    desk.post(reverse(LIST), {"action": "try_again", "_selected_action": [dead.pk]})
    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == ("running", 3)


def test_who_may_only_look_cannot_try_again(client, dead):
    client.force_login(make_user(permissions=("jobs.view_job",)))
    client.post(reverse(LIST), {"action": "try_again", "_selected_action": [dead.pk]})
    dead.refresh_from_db()
    assert dead.state == "dead"


def test_jobs_are_not_made_or_edited_by_hand(desk, dead):
    assert desk.get(reverse("admin:jobs_job_add")).status_code == 403
    desk.post(reverse("admin:jobs_job_change", args=[dead.pk]), {"task": "os.system"})
    dead.refresh_from_db()
    assert dead.task == "a.b.draw"
