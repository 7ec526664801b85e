import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import retention, twins
from comments.models import Comment
from tests.comments.making import make_comment, one_comment, text_of
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
HERE, THERE, ELSEWHERE = "192.0.2.1", "198.51.100.1", "203.0.113.1"


@pytest.fixture
def article():
    return make_article(slug="talked-about")


def number(article, name: str, address: str, **options) -> int:
    return make_comment(article, name=name, address=address, **options).twin


def test_it_works(article):
    assert [number(article, "Ines", address) for address in (HERE, THERE, HERE, ELSEWHERE, THERE)] == [1, 2, 1, 3, 2]


@pytest.mark.parametrize("other", ["INES", "Inés", "lnes", "Іnеѕ", "I n e s", "ɪɴᴇꜱ", "𝐈𝐧𝐞𝐬"])
def test_a_name_that_looks_the_same_is_the_same(article, other):
    assert [number(article, "Ines", HERE), number(article, other, THERE), number(article, other, HERE)] == [1, 2, 1]


def test_other_names_and_other_articles_count_for_themselves(article):
    number(article, "Ines", HERE)
    assert number(article, "Agnes", THERE) == 1
    assert number(make_article(), "Ines", THERE) == 1


def test_whoever_waits_has_a_number_too(article):
    assert number(article, "Ines", HERE, held=True) == 1
    assert number(article, "Ines", THERE) == 2


def test_an_ipv6_network_is_one_writer(article):
    assert number(article, "Ines", "2001:db8::1") == 1
    assert number(article, "Ines", "2001:db8::ffff") == 1
    assert number(article, "Ines", "2001:db8:0:1::1") == 2


def test_where_no_network_is_known_nobody_is_told_apart(article):
    assert [number(article, "Ines", ""), number(article, "Ines", "")] == [1, 1]


def test_once_networks_are_forgotten_the_same_writer_is_another(frozen):
    article = make_article()
    number(article, "Ines", HERE)
    frozen.shift(31 * 24 * 3600)
    retention.forget_networks()
    assert number(article, "Ines", HERE) == 2


def test_over_the_end_of_a_month_a_writer_keeps_the_number(frozen):
    frozen.move_to("2025-03-31T23:00:00+00:00")
    article = make_article()
    number(article, "Ines", THERE)
    number(article, "Ines", HERE)
    frozen.move_to("2025-04-01T01:00:00+00:00")
    assert number(article, "Ines", HERE) == 2
    assert number(article, "Ines", ELSEWHERE) == 3


def test_staff_have_no_number(article):
    make_comment(article, name="Ines Duarte", address=THERE)
    person = make_user(display_name="Ines Duarte")
    comment = make_comment(article, user=person)
    assert (comment.twin, comment.skeleton) == (1, "lnesduarte")
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert number(article, "Ines Duarte", HERE) == 2


def test_a_comment_from_before_there_were_numbers_is_nobodys_twin(article):
    old = make_comment(article, name="Ines", address=HERE)
    Comment.objects.filter(pk=old.pk).update(skeleton="")
    assert number(article, "Ines", THERE) == 1


def test_a_name_without_letters_and_a_name_that_grows_are_no_trouble(article):
    assert [number(article, "…", HERE), number(article, "…", THERE)] == [1, 2]
    assert [number(article, "\ufdfa" * 60, HERE), number(article, "\ufdfa" * 60, THERE)] == [1, 2]


def test_it_is_one_query_that_its_index_answers(article):
    for address in (HERE, THERE, ELSEWHERE):
        number(article, "Ines", address)
    with CaptureQueriesContext(connection) as captured:
        ((most, mine),) = twins.same_name(article.pk, "lnes", "a", "b", "c")
    assert (most, mine, len(captured)) == (3, None, 1)
    if connection.vendor == "sqlite":
        plan = twins.numbers(article.pk, "lnes", "a", "b", "c").explain()
        assert "COVERING INDEX comments_names" in plan
        assert "TEMP B-TREE" not in plan


def test_readers_are_told(client, article):
    number(article, "Ines <i>", HERE)
    second = make_comment(article, name="Ines <i>", address=THERE)
    answer = make_comment(article, name="Omar", parent=second)
    page = text_of(client.get("/talked-about/?sort=newest"))
    heading = 'Ines &lt;i&gt; <span class="twin">· 2<span class="vh"> (another writer)</span></span>'
    assert f'dir="auto">{heading}</h3>' in one_comment(page, second.pk)
    assert f'Reply<span class="vh"> to {heading}' in one_comment(page, second.pk)
    assert heading in text_of(client.get(f"/comments/{second.pk}/reply/"))
    assert page.count("another writer") == 4  # in the heading, beside Reply and Report, and where it is answered
    assert "Omar" in one_comment(page, answer.pk)
