from articles.richtext.merging import merge_bodies

BASE = "<p>The first paragraph is about ships.</p><h2>Then</h2><p>The second is about trains.</p>"


def test_changes_in_different_blocks_both_stand():
    mine = BASE.replace("ships", "boats")
    theirs = BASE.replace("trains", "trams") + "<p>A third.</p>"
    merged = merge_bodies(BASE, mine, theirs)
    assert merged.lost == []
    assert [word in merged.body for word in ("boats", "trams", "A third.", "ships", "trains")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_changes_in_one_block_are_joined_word_by_word():
    merged = merge_bodies(BASE, BASE.replace("first", "opening"), BASE.replace("ships", "old ships"))
    assert "<p>The opening paragraph is about old ships.</p>" in merged.body
    assert merged.lost == []


def test_where_both_changed_the_same_words_mine_stand_and_theirs_are_told():
    merged = merge_bodies(BASE, BASE.replace("trains", "buses"), BASE.replace("trains", "trams"))
    assert "about buses." in merged.body
    assert merged.lost == ["The second is about trams."]


def test_what_i_took_out_and_they_changed_is_told():
    mine = BASE.replace("<p>The second is about trains.</p>", "")
    merged = merge_bodies(BASE, mine, BASE.replace("trains", "trams"))
    assert "second" not in merged.body
    assert merged.lost == ["The second is about trams."]


def test_what_they_took_out_and_i_changed_stays():
    theirs = BASE.replace("<p>The second is about trains.</p>", "")
    merged = merge_bodies(BASE, BASE.replace("trains", "trams"), theirs)
    assert "about trams." in merged.body
    assert merged.lost == ["nothing: it was taken out"]


def test_marks_that_cross_leave_clean_html():
    base = "<p>one two three four</p>"
    merged = merge_bodies(base, "<p><strong>one two</strong> three four</p>", "<p>one two three <em>four</em></p>")
    assert merged.body == "<p><strong>one two</strong> three <em>four</em></p>"
