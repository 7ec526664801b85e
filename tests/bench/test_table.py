"""The table of measurements: goals are judged, numbers are readable, and only the marked place of README changes."""

import pytest

from tests.bench import table
from tests.bench.table import Row, at_least, at_most


@pytest.mark.parametrize(("goal", "reached", "missed"), [(at_least(0.6), 0.6, 0.59), (at_most(4, "ms"), 4.0, 4.01)])
def test_a_goal_is_reached_at_its_bound_and_missed_beyond(goal, reached, missed):
    assert Row("hits", reached, goal).verdict == "yes"
    assert Row("hits", missed, goal).verdict == "**no**"


def test_without_a_goal_or_a_value_nothing_is_judged():
    assert Row("told", 5.0).verdict == "–"
    assert Row("skipped", None, at_least(1)).verdict == "–"


@pytest.mark.parametrize(
    ("value", "written"), [(0, "0"), (1.0, "1"), (0.43219, "0.432"), (12.345, "12.3"), (99.96, "100"), (1234.5, "1,234")]
)
def test_numbers_have_three_figures(value, written):
    assert table.number(value) == written


def test_the_table_has_a_line_for_each_row_with_its_unit():
    rows = [Row("a miss", 3.8, at_most(4, "ms"), "a|b"), Row("told", 2, None, unit="µs"), Row("front", None, None, "no nginx")]
    assert table.markdown(rows).splitlines()[2:] == [
        "| a miss | ≤ 4 ms | 3.8 ms | yes | a\\|b |",
        "| told | – | 2 µs | – |  |",
        "| front | – | skipped | – | no nginx |",
    ]


def test_the_summary_counts_what_was_judged():
    rows = [Row("a", 1, at_least(1)), Row("b", 1, at_least(2)), Row("c", None), Row("d", 7)]
    assert table.summary(rows) == "1 of 2 goals are reached."


def test_only_what_stands_between_the_marks_is_replaced(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- bench -->\nold\n<!-- /bench -->\n<!-- bench peers -->\nkept\n<!-- /bench peers -->\n")
    table.put_into(readme, "bench", r"new \1")
    assert readme.read_text() == (
        "before\n<!-- bench -->\nnew \\1\n<!-- /bench -->\n<!-- bench peers -->\nkept\n<!-- /bench peers -->\n"
    )


def test_a_readme_without_the_marks_is_left_alone(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text("words\n")
    with pytest.raises(ValueError, match=r"README\.md has no place marked for bench"):
        table.put_into(readme, "bench", "new")
    assert readme.read_text() == "words\n"
