"""A picture's way from a writer's machine to the page that readers get."""

from __future__ import annotations

import base64
import io
import re

import pytest
from PIL import Image as Pillow
from playwright.sync_api import expect

from tests.e2e.journeys import press, tab_to, tool, unique
from tests.factories import picture_bytes

HANDING = """(element, {event, at, files, html, text}) => {
  const data = new DataTransfer();
  for (const {name, kind, content} of files) {
    data.items.add(new File([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], name, {type: kind}));
  }
  if (html) data.setData("text/html", html);
  if (text) data.setData("text/plain", text);
  const {left, bottom} = element.getBoundingClientRect();
  const place = {clientX: left + 5, clientY: bottom - 3, bubbles: true, cancelable: true};
  element.dispatchEvent(event === "paste"
    ? new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})
    : new DragEvent(event, {dataTransfer: data, ...place}));
}"""


def photograph(width: int = 1800, height: int = 1200) -> bytes:
    parts = [Pillow.linear_gradient("L").rotate(turn).resize((width, height)) for turn in (0, 90, 45)]
    out = io.BytesIO()
    Pillow.merge("RGB", parts).save(out, "JPEG")
    return out.getvalue()


def hand(element, event: str, *files: tuple[str, bytes], html: str = "", text: str = "") -> None:
    """Drops or pastes these files, as the browser would."""
    given = [{"name": name, "kind": "image/jpeg", "content": base64.b64encode(content).decode()} for name, content in files]
    element.evaluate(HANDING, {"event": event, "files": given, "html": html, "text": text})


def begin(page, title: str):
    """A new article with a line of text; gives the text."""
    page.goto("/admin/articles/article/add/")
    page.get_by_label("Title:", exact=True).fill(title)
    body = page.get_by_role("textbox", name="Body")
    body.click()
    page.keyboard.type("What the harbour looked like.")
    return body


def figures(body):
    return body.locator("figure img[data-image]")


def publish(page) -> None:
    page.get_by_role("button", name="Save and publish…").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Published.")


def drawn(site) -> None:
    """Waits until the runner of jobs has drawn everything."""
    code = "import time; from articles.models import Image; from articles.drawing import VERSION\n"
    code += "for _ in range(300):\n    if not Image.objects.exclude(drawn=VERSION).exists(): break\n    time.sleep(0.1)\n"
    site.query(code + "else: raise SystemExit('not drawn')")


def test_from_the_drop_to_the_srcset(desk, reader, site, seeded):
    title = unique("The harbour")
    body = begin(desk, title)
    hand(body.locator("p").first, "drop", ("harbour_at_dawn.jpg", photograph()))
    expect(figures(body)).to_have_count(1)
    expect(desk.get_by_role("status").filter(has_text="in the text and in the library")).to_be_visible()
    expect(body.get_by_text("no alternative text yet")).to_be_visible()
    body.locator("figure").click()
    desk.keyboard.press("Enter")
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("Alternative text").fill("Boats at a quay in the morning.")
    dialog.get_by_label("Caption").fill("The quay.")
    dialog.get_by_label("Width").select_option(label="Full: the whole page")
    dialog.get_by_role("button", name="Save").click()
    publish(desk)
    drawn(site)
    reader.set_viewport_size({"width": 1280, "height": 900})
    reader.goto("/")
    reader.get_by_role("link", name=title).first.click()
    figure = reader.get_by_role("figure").filter(has_text="The quay.")
    picture = figure.get_by_role("img", name="Boats at a quay in the morning.")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("image => image.decode().then(() => image.currentSrc)").endswith(".avif")
    source, fallback = figure.locator("source").get_attribute("srcset"), picture.get_attribute("srcset")
    assert re.findall(r"\S+\.(\w+) (\d+)w", source) == [("avif", "480"), ("avif", "960"), ("avif", "1600"), ("avif", "1800")]
    assert re.findall(r"\S+\.(\w+) (\d+)w", fallback) == [("jpg", "480"), ("jpg", "960"), ("jpg", "1600"), ("jpg", "1800")]
    assert (picture.get_attribute("width"), picture.get_attribute("height")) == ("1800", "1200")
    assert picture.bounding_box()["width"] > reader.locator(".prose > p").first.bounding_box()["width"] * 1.5


def test_several_dropped_at_once_with_one_that_is_refused(desk, seeded):
    body = begin(desk, unique("Several"))
    hand(
        body.locator("p").first, "drop", ("one.jpg", photograph(90, 60)), ("bad.jpg", b"words"), ("two.jpg", photograph(60, 90))
    )
    told = desk.get_by_role("status").filter(has_text="bad.jpg: This is not a picture that can be used here.")
    expect(told).to_contain_text("2 pictures are in the text")
    expect(figures(body)).to_have_count(2)
    expect(body.locator("figure")).to_have_count(2)
    assert "data-upload" not in desk.locator("textarea[name=body]").input_value()
    desk.keyboard.press("Control+z")
    expect(body.locator("figure")).to_have_count(0)
    desk.keyboard.press("Control+Shift+z")
    expect(figures(body)).to_have_count(2)


@pytest.mark.parametrize("way", ["file", "html"])
def test_pasting_a_picture(desk, seeded, way):
    body = begin(desk, unique("Pasted"))
    address = f"data:image/png;base64,{base64.b64encode(picture_bytes((40, 30), 'PNG')).decode()}"
    if way == "file":
        hand(body, "paste", ("image.png", photograph(80, 60)))
    else:
        hand(body, "paste", html=f'<p>Before <img src="{address}" width="40"> after</p>', text="Before after")
        expect(body).to_contain_text("Before")
    expect(figures(body)).to_have_count(1)
    assert re.search(r'<figure><img data-image="\d+"', desk.locator("textarea[name=body]").input_value())


def test_words_that_a_program_copies_with_a_picture_of_them_stay_words(desk, seeded):
    body = begin(desk, unique("Words"))
    hand(body, "paste", ("image.png", photograph(80, 60)), html="<p>Only words.</p>", text="Only words.")
    expect(body).to_contain_text("Only words.")
    expect(body.locator("figure")).to_have_count(0)


def test_the_picker_takes_a_new_picture_by_keyboard(desk, seeded):
    begin(desk, unique("Picked"))
    tool(desk, "Picture")
    dialog = desk.get_by_role("dialog")
    for name, content, told in (
        ("bad.jpg", b"", "bad.jpg: This file is empty. Choose another one."),
        ("lamp.jpg", photograph(300, 200), "“lamp” is in the library now, and chosen here."),
    ):
        with desk.expect_file_chooser() as chosen:
            press(desk, dialog.get_by_role("button", name="Upload a picture…"))
        chosen.value.set_files({"name": name, "mimeType": "image/jpeg", "buffer": content})
        expect(dialog.get_by_text(told)).to_be_visible()
    expect(dialog.get_by_role("radio", name="lamp")).to_be_focused()
    tab_to(desk, dialog.get_by_label("Alternative text"))
    desk.keyboard.type("A lamp.")
    desk.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(desk.get_by_role("textbox", name="Body").get_by_role("img", name="A lamp.")).to_be_visible()


def test_the_lead_image_is_chosen_and_added_without_leaving_the_article(desk, seeded):
    begin(desk, unique("Led"))
    press(desk, desk.get_by_role("button", name="Choose a picture…"))
    dialog = desk.get_by_role("dialog", name="Choose a picture")
    with desk.expect_file_chooser() as chosen:
        press(desk, dialog.get_by_role("button", name="Upload a picture…"))
    chosen.value.set_files({"name": "mole.jpg", "mimeType": "image/jpeg", "buffer": photograph(300, 200)})
    expect(dialog.get_by_role("radio", name="mole")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    field = desk.locator(".field-image")
    expect(field.locator(".desk-lead-picture")).to_contain_text("mole")
    desk.get_by_role("button", name="Save draft").click()
    expect(desk.locator(".messagelist")).to_contain_text("Saved as a draft.")
    expect(field.locator(".desk-lead-picture")).to_contain_text("mole")
    assert field.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    press(desk, field.get_by_role("button", name="No picture"))
    expect(field.locator(".desk-lead-picture")).to_contain_text("None")
    expect(field.get_by_role("button", name="Choose a picture…")).to_be_focused()


def test_the_library_takes_several_and_says_what_became_of_each(desk, seeded):
    desk.goto("/admin/articles/image/")
    name = unique("pier").replace(" ", "_")
    with desk.expect_file_chooser() as chosen:
        press(desk, desk.get_by_role("button", name="Choose files…"))
    files = [(f"{name}.jpg", photograph(300, 200)), ("torn.jpg", photograph(300, 200)[:-100]), ("<b>x.svg", b"<svg/>")]
    chosen.value.set_files([{"name": name, "mimeType": "image/jpeg", "buffer": content} for name, content in files])
    section = desk.get_by_role("region", name="Add pictures")
    expect(section.get_by_role("status")).to_contain_text("1 picture was added. 2 files were refused: see below.")
    expect(section.get_by_role("listitem")).to_contain_text(
        ["Say what it shows.", "This picture is damaged and cannot be read.", "This is not a picture that can be used here."]
    )
    expect(section.get_by_role("listitem").last).to_contain_text("<b>x.svg")
    hand(section, "drop", ("dropped.jpg", photograph(200, 100)))
    expect(section.get_by_role("link", name="dropped")).to_be_visible()
    section.get_by_role("link", name=name.replace("_", " ")).click()
    expect(desk.get_by_label("Title:", exact=True)).to_have_value(name.replace("_", " "))


def test_the_point_that_matters_by_keyboard_and_by_pointer(desk, site, seeded):
    number = site.query("from tests.factories import make_image; print(make_image(size=(800, 1600)).pk)")
    desk.goto(f"/admin/articles/image/{number}/change/")
    handle = desk.get_by_role("button", name="What matters:")
    tab_to(desk, handle)
    for key in ("ArrowLeft", "Shift+ArrowUp", "ArrowUp"):
        desk.keyboard.press(key)
    across, down = desk.get_by_label("From the left:"), desk.get_by_label("From the top:")
    assert (across.input_value(), down.input_value()) == ("49", "39")
    box = desk.locator(".focal-frame").bounding_box()
    desk.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.75)
    assert (across.input_value(), down.input_value()) == ("25", "75")
    assert desk.locator(".focal-card").evaluate("image => image.style.objectPosition") == "25% 75%"
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".messagelist")).to_contain_text("changed successfully")


def test_another_file_in_the_place_of_one_without_script(open_page, sessions, site, seeded):
    page, reader = open_page(java_script_enabled=False, storage_state=sessions["ada"]), open_page()
    page.goto("/admin/articles/image/add/")
    title = unique("A bridge")
    upload(page, "Picture:", "bridge.jpg", photograph(640, 400))
    page.get_by_label("Title:", exact=True).fill(title)
    page.get_by_label("Text alternative:", exact=True).fill("A bridge in fog.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text(title)
    slug = site.query(
        "from tests.factories import make_article; from articles.models import Image; "
        f"print(make_article(image=Image.objects.get(title={title!r}).pk).slug)"
    )
    reader.goto(f"/{slug}/")
    before = reader.get_by_role("img", name="A bridge in fog.").get_attribute("src")
    page.get_by_role("link", name=title, exact=True).first.click()
    expect(page.get_by_role("region", name="Used in 1 article")).to_be_visible()
    page.get_by_role("link", name="Replace the file…").click()
    upload(page, "New file:", "empty.jpg", b"")
    page.get_by_role("button", name="Replace").click()
    expect(page.get_by_text("This file is empty. Choose another one.")).to_be_visible()
    upload(page, "New file:", "bridge.jpg", photograph(640, 500))
    page.get_by_label("Text alternative:").fill("A bridge in the sun.")
    page.get_by_role("button", name="Replace").click()
    expect(page.locator(".messagelist")).to_contain_text("Replaced.")
    reader.goto(f"/{slug}/")
    assert reader.get_by_role("img", name="A bridge in the sun.").get_attribute("src") != before
    page.get_by_role("link", name="Delete").click()
    expect(page.get_by_text("This picture is used, so it stays.")).to_be_visible()


def upload(page, label: str, name: str, content: bytes) -> None:
    page.get_by_label(label, exact=True).set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": content})
