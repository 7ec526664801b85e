"""Searching in a real browser: by the form without script, by suggestions and arrow keys with it."""

from tests.e2e.journeys import ARTICLE

TITLE = "The Power Struggle in AI: Elon Musk vs. Sam Altman"


def test_without_script(plain_reader):
    plain_reader.goto("/")
    plain_reader.get_by_role("link", name="Search").click()
    plain_reader.get_by_label("Words to find").fill("struggles of power")
    plain_reader.get_by_role("button", name="Find").click()
    plain_reader.locator("mark").first.wait_for()
    plain_reader.get_by_role("link", name=TITLE).click()
    assert plain_reader.url.endswith(ARTICLE)


def test_a_suggestion_is_chosen_by_keyboard(reader):
    reader.goto("/search/")
    field = reader.get_by_label("Words to find")
    field.press_sequentially("power strug")
    option = reader.get_by_role("option", name=TITLE)
    option.wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    field.press("ArrowDown")
    assert option.get_attribute("aria-selected") == "true"
    assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
    field.press("Enter")
    reader.wait_for_url(f"**{ARTICLE}")


def test_suggestions_get_out_of_the_way(reader):
    reader.goto("/search/")
    field = reader.get_by_label("Words to find")
    field.press_sequentially("power")
    reader.get_by_role("option").first.wait_for()
    field.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    field.press("Enter")
    reader.wait_for_url("**/search/?q=power")
    assert reader.get_by_role("heading", name="best match first").is_visible()
