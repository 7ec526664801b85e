import re

from articles.richtext.paragraphs import linked


def ids(html: str) -> list[str]:
    return re.findall(r'<p id="([^"]+)"', html)


def test_each_paragraph_has_an_address_and_a_link_to_it():
    html = linked('<p>One <strong>bold</strong> word.</p><h2 id="a"><a href="#a">A</a></h2><p dir="rtl">שלום</p>')
    one, two = ids(html)
    assert re.fullmatch(r"p-[0-9a-f]{8}", one)
    link = f'<a class="para" href="#{one}" lang="en" aria-label="Link to this paragraph"></a>'
    assert html.startswith(f'<p id="{one}">One <strong>bold</strong> word.{link}</p><h2 id="a"><a href="#a">A</a></h2>')
    assert html.index(f'<p id="{two}" dir="rtl">שלום<a ') > 0


def test_an_address_stays_while_others_come_and_go_and_changes_with_the_words():
    alone, among = ids(linked("<p>Here I stand.</p>")), ids(linked("<p>New.</p><p>Here <em>I</em>\nstand.</p><p>After.</p>"))
    assert alone == among[1:2]
    assert ids(linked("<p>Here I stood.</p>")) != alone


def test_the_same_words_twice_have_two_addresses():
    first, second, third = ids(linked("<p>Again.</p><p>Again.</p><p>Again.</p>"))
    assert (second, third) == (f"{first}-2", f"{first}-3")


def test_what_is_no_paragraph_of_the_text_is_left_alone():
    html = (
        '<aside class="pull"><p>Words.</p><p class="source">Somebody</p></aside><figure><img alt=""><figcaption>A <p>b</p>'
        '</figcaption></figure><pre><code>&lt;p&gt;no&lt;/p&gt;</code></pre><p></p><p><img alt="" src="a"></p><ul><li>Item</li></ul>'
    )
    assert linked(html) == html


def test_paragraphs_of_quotations_and_lists_have_one():
    assert len(ids(linked("<blockquote><p>Said.</p></blockquote><ol><li><p>First.</p></li></ol>"))) == 2
