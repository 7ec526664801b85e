"""The picture library on the desk."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image as Pillow

from articles import revisions
from articles.admin.widgets import LeadPicture
from articles.models import Image, ImageUse
from site_config.audit.models import Entry
from site_config.jobs.runner import run_due
from site_config.pages.models import Generation
from tests.articles.test_images import SVG, encoded, png_header
from tests.factories import make_article, make_draft, make_image, make_user, picture_bytes

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/articles/image/", "/admin/articles/image/add/"
UPLOAD, CHOOSE = "/admin/articles/image/upload/", "/admin/articles/image/choose/"
KEEPER = (
    "articles.add_image",
    "articles.view_image",
    "articles.change_image",
    "articles.delete_image",
    "articles.change_any_article",
)


def address(image, view: str = "change") -> str:
    return reverse(f"admin:articles_image_{view}", args=[image.pk])


def signed_in(client, *permissions):
    user = make_user(permissions=permissions)
    client.force_login(user)
    return user


def file(data: bytes | None = None, name: str = "press.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture_bytes() if data is None else data, "image/jpeg")


def words(image, **changes) -> dict:
    fields = {
        "title": image.title,
        "alt": image.alt,
        "credit": image.credit,
        "focal_x": image.focal_x,
        "focal_y": image.focal_y,
    }
    return {**fields, **({"decorative": "on"} if image.decorative else {}), **changes}


def page(answer) -> str:
    return answer.content.decode()


class TestAdding:
    def test_it_works(self, client):
        keeper = signed_in(client, *KEEPER)
        answer = client.post(ADD, {"file": file(), "alt": "A field", "credit": "Me"})
        image = Image.objects.get()
        assert answer.headers["Location"] == LIST
        assert (image.title, image.alt, image.credit, image.uploaded_by) == ("press", "A field", "Me", keeper)

    def test_it_checks_access(self, client):
        assert client.get(ADD).headers["Location"].startswith("/admin/login/")
        signed_in(client, "articles.view_image")
        assert client.get(ADD).status_code == 403
        assert client.post(ADD, {"file": file()}).status_code == 403
        assert not Image.objects.exists()

    def test_words_stay_where_the_file_is_refused(self, desk):
        answer = desk.post(ADD, {"file": file(b"words"), "alt": "What I typed"})
        assert answer.status_code == 400
        assert "This is not a picture that can be used here." in page(answer)
        assert "What I typed" in page(answer)

    def test_alternative_and_decorative_are_one_or_the_other(self, desk):
        answer = desk.post(ADD, {"file": file(), "alt": "A", "decorative": "on"})
        assert "Clear one of the two." in page(answer)


TROUBLES = [
    ("empty", b"", "This file is empty."),
    ("words", b"Just some words.", "This is not a picture that can be used here."),
    ("drawing", SVG, "This is not a picture that can be used here."),
    ("truncated", picture_bytes()[:-200], "This picture is damaged and cannot be read."),
    ("huge", png_header(20_000, 10_000), "This picture has more than 50 million pixels."),
]


def moving() -> bytes:
    frames = [Pillow.new("RGB", (20, 20), colour) for colour in ("red", "green")]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)


class TestWhatIsRefused:
    @pytest.mark.parametrize(("name", "data", "sentence"), [*TROUBLES, ("moving", moving(), "This picture moves.")])
    @pytest.mark.parametrize("way", [ADD, UPLOAD])
    def test_with_a_sentence_in_both_ways(self, desk, way, name, data, sentence):
        answer = desk.post(way, {"file": file(data, f"{name}.jpg"), "alt": "A"})
        assert answer.status_code == 400
        assert sentence in (answer.json()["error"] if way == UPLOAD else page(answer))
        assert not Image.objects.exists()

    @pytest.mark.parametrize("way", [ADD, UPLOAD])
    def test_a_file_that_is_too_large(self, desk, settings, way):
        settings.IMAGE_MAX_BYTES = 2_000_000
        answer = desk.post(way, {"file": file(b"\xff\xd8" + b"x" * 2_000_000)})
        assert "This file is larger than 2 MB." in (answer.json()["error"] if way == UPLOAD else page(answer))

    @pytest.mark.parametrize("way", [ADD, UPLOAD])
    def test_no_file_at_all(self, desk, way):
        answer = desk.post(way, {"alt": "A"})
        assert "Choose a picture." in (answer.json()["error"] if way == UPLOAD else page(answer))

    def test_cmyk_is_taken(self, desk):
        answer = desk.post(UPLOAD, {"file": file(encoded(Pillow.new("CMYK", (50, 50), (0, 255, 255, 0)), "JPEG"))})
        assert answer.status_code == 201

    @pytest.mark.parametrize(
        ("name", "title"),
        [
            ('"><img src=x onerror=alert(1)>.jpg', '"><img src=x onerror=alert(1)>'),
            ("../../etc/passwd", "passwd"),
            ("x" * 400 + ".jpg", "x" * 200),
            ("a\u202egpj.exe.jpg", "agpj.exe"),
            ("snow <script>.svg.jpg", "snow <script>.svg"),
        ],
    )
    def test_a_hostile_name_is_only_a_name(self, desk, name, title):
        answer = desk.post(UPLOAD, {"file": file(name=name)})
        assert answer.json()["title"] == title
        assert name not in page(desk.get(LIST))
        assert "<script>.svg" not in page(desk.get(LIST))


class TestUploading:
    def test_it_works(self, client):
        keeper = signed_in(client, *KEEPER)
        answer = client.post(UPLOAD, {"file": file(name="press_room.jpg")})
        image = Image.objects.get()
        assert answer.status_code == 201
        assert answer.json() == {
            "id": image.pk, "title": "press room", "alt": "", "decorative": False, "credit": "",
            "src": image.url, "width": 640, "height": 400, "url": address(image),
        }  # fmt: skip
        assert image.uploaded_by == keeper

    def test_it_checks_access(self, client):
        assert client.post(UPLOAD, {"file": file()}).status_code == 302
        signed_in(client, "articles.view_image", "articles.change_image")
        answer = client.post(UPLOAD, {"file": file()})
        assert answer.status_code == 403
        assert "permission" in answer.json()["error"]
        assert not Image.objects.exists()

    def test_it_rejects_get(self, desk):
        assert desk.get(UPLOAD).status_code == 405

    def test_it_wants_the_forms_token(self, editor):
        from django.test import Client

        client = Client(enforce_csrf_checks=True)
        client.force_login(editor)
        assert client.post(UPLOAD, {"file": file()}).status_code == 403
        assert not Image.objects.exists()


class TestTheLibrary:
    def test_it_says_where_pictures_are_used(self, desk):
        image = make_image(title="The press")
        make_image(title="Unused")
        make_article(image=image.pk)
        make_draft(image=image.pk)
        found = page(desk.get(LIST))
        assert "2 articles" in found
        assert found.count('class="field-use"') == 2

    @pytest.mark.parametrize(("use", "title"), [("yes", "Used"), ("no", "Unused"), ("undescribed", "Undescribed")])
    def test_it_is_narrowed(self, desk, use, title):
        make_article(image=make_image(title="Used").pk)
        make_image(title="Unused", alt="", decorative=True)
        make_article(body=f'<figure><img data-image="{make_image(title="Undescribed", alt="").pk}" alt="A"></figure>')
        found = page(desk.get(LIST, {"use": use}))
        assert f">{title}</a>" in found
        assert found.count('class="field-title"') == (2 if use == "yes" else 1)

    def test_it_is_searched(self, desk):
        make_image(title="A press", credit="Ines")
        make_image(title="Another")
        assert page(desk.get(LIST, {"q": "ines"})).count('class="field-title"') == 1

    def test_the_number_of_queries_does_not_grow(self, desk):
        counts = []
        for _ in range(2):
            image = make_image()
            for _ in range(3):
                make_article(image=image.pk)
            run_due()
            with CaptureQueriesContext(connection) as queries:
                desk.get(LIST)
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestThePage:
    def test_it_lists_the_articles(self, desk):
        image = make_image()
        live, draft, other = (
            make_article(title="Live one", image=image.pk),
            make_draft(title="Draft", image=image.pk),
            make_draft(),
        )
        found = page(desk.get(address(image)))
        assert "Used in 2 articles" in found
        for article, listed in ((live, True), (draft, True), (other, False)):
            assert (f'href="/admin/articles/article/{article.pk}/change/"' in found) is listed

    def test_the_number_of_queries_does_not_grow(self, desk):
        image, counts = make_image(), []
        desk.get(address(image))
        for _ in range(2):
            make_article(image=image.pk)
            with CaptureQueriesContext(connection) as queries:
                desk.get(address(image))
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_changed_words_of_a_lead_image_reach_readers(self, desk, client):
        image = make_image(alt="Old")
        article = make_article(image=image.pk)
        Generation.objects.all().delete()
        desk.post(address(image), words(image, alt="New"))
        article.refresh_from_db()
        assert article.lead["alt"] == "New"
        assert set(Generation.objects.values_list("subject", flat=True)) == {f"article:{article.pk}", "lists"}

    def test_a_focal_point_without_script(self, desk):
        image = make_image(size=(400, 1000))
        assert 'type="number"' in page(desk.get(address(image)))
        desk.post(address(image), words(image, focal_x=10, focal_y=90))
        image.refresh_from_db()
        assert (image.focal_x, image.focal_y) == (10, 90)

    @pytest.mark.parametrize("value", ["101", "-1", "x", ""])
    def test_a_focal_point_outside_is_refused(self, desk, value):
        image = make_image()
        assert desk.post(address(image), words(image, focal_x=value)).status_code == 400

    def test_changing_checks_access(self, client):
        image = make_image()
        signed_in(client, "articles.view_image")
        assert client.get(address(image)).status_code == 200
        assert client.post(address(image), words(image, alt="New")).status_code == 403


class TestReplacing:
    def test_it_works(self, client):
        keeper, image = signed_in(client, *KEEPER), make_image(alt="Old words")
        article = make_article(image=image.pk, body=f'<figure><img data-image="{image.pk}" alt="Its own words"></figure>')
        form = page(client.get(address(image, "replace")))
        assert 'value="Old words"' in form
        assert "Its own words" in form
        answer = client.post(address(image, "replace"), {"file": file(picture_bytes((300, 200))), "alt": "New words"})
        assert answer.headers["Location"] == address(image)
        image.refresh_from_db()
        article.refresh_from_db()
        assert (image.alt, image.width) == ("New words", 300)
        assert article.lead["full"] == image.url
        assert image.url in article.html
        assert Entry.objects.get(verb="image replaced").actor == keeper

    def test_it_checks_access(self, client):
        image = make_image()
        signed_in(client, "articles.view_image", "articles.add_image")
        assert client.get(address(image, "replace")).status_code == 403
        assert client.post(address(image, "replace"), {"file": file()}).status_code == 403
        assert Image.objects.get().digest == image.digest

    @pytest.mark.parametrize(("name", "data", "sentence"), TROUBLES)
    def test_what_is_refused_leaves_the_old_file_and_the_words(self, desk, name, data, sentence):
        image = make_image()
        answer = desk.post(address(image, "replace"), {"file": file(data), "alt": "What I typed"})
        assert answer.status_code == 400
        assert sentence in page(answer)
        assert "What I typed" in page(answer)
        assert Image.objects.get().digest == image.digest

    def test_a_picture_that_is_gone(self, desk):
        assert desk.get("/admin/articles/image/12345/replace/").status_code == 404

    def test_the_number_of_queries_does_not_grow(self, desk):
        image, counts = make_image(), []
        for _ in range(2):
            make_article(body=f'<figure><img data-image="{image.pk}" alt="A"></figure>')
            with CaptureQueriesContext(connection) as queries:
                desk.get(address(image, "replace"))
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestDeleting:
    @pytest.mark.parametrize("state", ["live", "draft", "newest"])
    def test_what_is_used_stays_and_the_page_says_where(self, desk, state):
        image = make_image()
        article = make_article(image=image.pk) if state == "live" else make_draft(image=image.pk if state == "draft" else None)
        if state == "newest":
            body = f'<figure><img data-image="{image.pk}" alt="A"></figure>'
            revisions.save(article, {**revisions.newest_data(article), "body": body}, by=None)
        answers = desk.get(address(image, "delete")), desk.post(address(image, "delete"), {"post": "yes"})
        assert [answer.status_code for answer in answers] == [200, 400]
        for answer in answers:
            assert "This picture is used, so it stays." in page(answer)
            assert f'<a href="/admin/articles/article/{article.pk}/change/">{article}</a>' in page(answer)
        assert Image.objects.exists()

    def test_articles_of_others_are_counted_and_not_named(self, client):
        author = signed_in(
            client, *(f"articles.{verb}_image" for verb in ("view", "add", "change", "delete")), "articles.view_article"
        )
        image = make_image(by=author)
        make_draft(image=image.pk, title="A secret")
        own = make_draft(image=image.pk, title="My own", by=author)
        pages = [page(client.get(address(image, view))) for view in ("change", "delete", "replace")]
        for words in pages:
            assert "A secret" not in words
        assert "Used in 2 articles" in pages[0]
        assert "and in others" in pages[0]
        for words in pages[:2]:
            assert f"/admin/articles/article/{own.pk}/change/" in words
        assert "and 1 more" in pages[1]
        assert "Everything that shows this picture shows the new file" in pages[2]

    def test_what_is_not_used_goes_and_no_page_is_drawn_anew(self, client):
        keeper, image = signed_in(client, *KEEPER), make_image()
        assert "No article shows" in page(client.get(address(image, "delete")))
        Generation.objects.all().delete()
        client.post(address(image, "delete"), {"post": "yes"})
        assert not Image.objects.exists()
        assert Entry.objects.get(verb="image deleted").actor == keeper
        assert not Generation.objects.exists()

    def test_it_checks_access(self, client):
        image = make_image()
        signed_in(client, *KEEPER[:3])
        assert client.post(address(image, "delete"), {"post": "yes"}).status_code == 403
        assert Image.objects.exists()

    @pytest.mark.parametrize("with_used", [True, False])
    def test_several_at_once_are_all_or_none(self, desk, with_used):
        chosen = [make_image(title=f"Picture {number}") for number in range(3)]
        if with_used:
            make_draft(title="The one", image=chosen[1].pk)
        form = {"action": "delete_selected", "_selected_action": [image.pk for image in chosen]}
        asked = page(desk.post(LIST, form))
        answer = desk.post(LIST, {**form, "post": "yes"}, follow=True)
        if with_used:
            assert "“Picture 1” is used in <a href=" in asked
            assert "Nothing was deleted: 1 of these pictures is used." in page(answer)
        else:
            assert "Picture 2" in asked
        assert Image.objects.count() == (3 if with_used else 0)

    def test_refusing_costs_the_same_for_many(self, desk):
        counts = []
        for number in (1, 4):
            chosen = [make_image() for _ in range(number)]
            for image in chosen:
                make_draft(image=image.pk)
            form = {"action": "delete_selected", "_selected_action": [image.pk for image in chosen]}
            with CaptureQueriesContext(connection) as queries:
                desk.post(LIST, form)
            counts.append(len(queries))
        assert counts[0] == counts[1]
        assert ImageUse.objects.count() == 5


class TestChoosing:
    def test_it_works(self, desk):
        image = make_image(title="The press", size=(1200, 800))
        run_due()
        answer = desk.get(CHOOSE, {"q": "press"}).json()
        assert answer["upload_url"] == UPLOAD
        (row,) = answer["images"]
        assert (row["id"], row["title"], row["src"]) == (
            image.pk, "The press", image.renditions.get(spec="card-480-plain").url,
        )  # fmt: skip

    def test_who_may_not_add_gets_no_address_for_it(self, client):
        signed_in(client, "articles.view_image")
        assert client.get(CHOOSE).json() == {"images": [], "upload_url": None, "most_bytes": 25_000_000}

    def test_it_checks_access(self, client):
        signed_in(client)
        assert client.get(CHOOSE).status_code == 403


class TestTheLeadImageOfAnArticle:
    def test_without_script_it_is_a_list_that_knows_the_chosen_one(self, desk, monkeypatch):
        monkeypatch.setattr(LeadPicture, "NEWEST", 1)
        old, newest = make_image(title="An old one"), make_image(title="The newest")
        article = make_draft(image=old.pk)
        found = page(desk.get(f"/admin/articles/article/{article.pk}/change/"))
        assert f'<option value="{old.pk}" selected>An old one</option>' in found
        assert f'<option value="{newest.pk}">The newest</option>' in found
        assert f'data-lead="{CHOOSE}"' in found
        assert f'data-src="{old.url}"' in found

    def test_the_number_of_queries_does_not_grow(self, desk):
        article, counts = make_draft(image=make_image().pk), []
        for _ in range(2):
            make_image()
            with CaptureQueriesContext(connection) as queries:
                desk.get(f"/admin/articles/article/{article.pk}/change/")
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_what_is_no_number_is_refused(self, desk):
        answer = desk.post("/admin/articles/article/add/", {"title": "A", "image": "x", "language": "en"})
        assert answer.status_code == 400
        assert "valid choice" in page(answer)
