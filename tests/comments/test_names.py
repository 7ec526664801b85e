import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.lookalikes import skeleton
from comments.names import is_numbered, is_reserved
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name",
    [
        "Editor", "EDITOR", "editor ", "e d i t o r", "Editor.", "✓ Editor", "Éditor", "Ed1tor", "EDIT0R",
        "Еditоr", "ΕDΙΤΟR", "ᴇᴅɪᴛᴏʀ", "𝐄𝐝𝐢𝐭𝐨𝐫", "Ｅｄｉｔｏｒ", "ed\u200bitor", "edi\u00adtor", "\u202eeditor", "edi-tor",
        "The Editor", "Adm1n", "аdmin", "adrnin", "Staff", "$taff", "MODERATOR", "Masthead", "Mαsthead",
    ],
)  # fmt: skip
def test_the_sites_own_names_and_what_looks_like_them_are_reserved(name):
    assert is_reserved(name)


# For each letter some that are taken for it: Cyrillic, Greek, Armenian, Cherokee, Lisu, small capitals, mathematical, full
# width, in circles and squares, accented, and what people write for it.
ALIKE = {
    "a": "аαɑᎪꓮᴀ𝐚𝒜ａⓐ🅐🅰🇦ａàäāạ4@ΑΛ𝖺", "d": "ԁᎠꓓᴅ𝐝𝔻ｄⓓ🅓🅳🇩ďđḍⅾ𝘥", "m": "мᎷꓟᴍ𝐦𝕄ｍⓜ🅜🅼🇲ṁⅿΜ𝙢", "i": "іιɪꓲ𝐢𝕀ｉⓘ🅘🅸🇮íïıⅰ1!|l𝗂Ι",
    "n": "ոɴꓠ𝐧ℕｎⓝ🅝🅽🇳ñńηΝ𝚗", "e": "еεᎬꓰᴇ𝐞𝔼ｅⓔ🅔🅴🇪éëęẹ3€ℯΕ", "t": "тτᎢꓔᴛ𝐭𝕋ｔⓣ🅣🆃🇹ťţṭ7+Τ", "o": "оοօᎾꓳᴏ𝐨𝕆ｏⓞ🅞🅾🇴óöøọ0ס०Ο߀",
    "r": "гᎡꓣʀ𝐫ℝｒⓡ🅡🆁🇷řŕṛ", "s": "ѕꓢꜱ𝐬𝕊ｓⓢ🅢🆂🇸šşṣ5$Ѕ", "h": "һհʜᎻꓧ𝐡ℍｈⓗ🅗🅷🇭ḥħНΗ", "u": "սυᴜꓴ𝐮𝕌ｕⓤ🅤🆄🇺úüų",
}  # fmt: skip
TAKEN = ["admin", "editor", "masthead", "ines duarte"]
SPELLINGS = [
    written.replace(written[place], other, 1)
    for word in TAKEN
    for place in range(len(word))
    for other in ALIKE.get(word[place], "")
    for written in (word, word.upper())
]
BETWEEN = [
    "\u200b",
    "\u200d",
    "\u00ad",
    "\ufe0f",
    "\u202e",
    "\u2066",
    "\U000e0061",
    "\u0336",
    "\u20dd",
    "\u034f",
    ".",
    "_",
    " ",
    "·",
    "\u3000",
]


@pytest.fixture
def staff():
    return make_user(username="desk", display_name="Inês Duarte")


def test_the_list_of_spellings_is_long():
    assert len(set(SPELLINGS)) > 900


@pytest.mark.parametrize("name", dict.fromkeys(SPELLINGS))
def test_a_letter_that_is_taken_for_another_is_refused(staff, name):
    assert is_reserved(name)


@pytest.mark.parametrize("word", TAKEN)
@pytest.mark.parametrize("number", range(8))
def test_all_letters_exchanged_at_once_are_refused(staff, word, number):
    assert is_reserved("".join(ALIKE[letter][number] if letter in ALIKE else letter for letter in word))


@pytest.mark.parametrize("word", TAKEN)
@pytest.mark.parametrize("between", BETWEEN, ids=ascii)
def test_what_stands_between_the_letters_changes_nothing(staff, word, between):
    assert is_reserved(between.join(word))
    assert is_reserved(f"{between}{word}{between}")


@pytest.mark.parametrize(
    "name",
    [
        "Ana (Editor)", "Ana – Staff", "Staff: Ana", "Ana / moderator", "Ana [Admin]", "The Admin Team", "Masthead Editor",
        "Official Masthead", "★ Staff ★", "Ana - Admin", "Ana · Editor", "Masthead (official)", "Masthead Editor in Chief",
        "Chief Editor", "Administrator 1", "Staff Ada", "Editor Ana", "Ana Moderator", "Ana, chief editor", "Masthead 2",
    ],
)  # fmt: skip
def test_a_title_beside_the_name_is_refused(name):
    assert is_reserved(name)


@pytest.mark.parametrize("name", ["Ines · 2", "Ines •2", "Ines ·  13", "Ines・2", "Ines · nr2 ", "Ines · 2 (another writer)",
    "Ines · 2 (x) [y]", "Ines · 2 (another"])  # fmt: skip
def test_the_number_that_the_site_writes_is_refused(name):
    assert is_numbered(name)


@pytest.mark.parametrize("name", ["Ines 2", "Ines", "B2", "Ana · Porto", "2 · Ana"])
def test_other_numbers_are_free(name):
    assert not is_numbered(name)


@pytest.mark.parametrize(
    "name",
    [
        "Ines", "Ana Editora", "李雷", "🙂", "!?", "Edith", "Adam", "O'Neil", "Anne-Marie of Kent", "The Reader", "Ana (Porto)",
        "Иван", "Дмитрий Нечаев", "Оксана Шевченко", "Љубица", "Гүлнар", "Админка", "Δημήτρης", "Ελένη Παπαδοπούλου", "Ωραία",
        "Արմեն Սարգսյան", "Անահիտ", "ნინო", "გიორგი", "محمد", "فاطمة الزهراء", "سارة", "שרה לוי", "דוד", "राम प्रसाद", "सीता",
        "অমিত", "அருண்", "สมชาย", "ភារុណ", "អ៊ុន", "მარიამ", "田中太郎", "さくら", "김민준", "王小明", "Nguyễn Thị Hồng", "Łukasz Żółć",
        "Jürgen Groß", "Þórdís", "Şeyma Çağlar", "Οδυσσέας", "Ꮳ Ꮃ Ꭹ", "ሰላም", "Ünal", "A.", "B2", "R2D2", "2Pac", "Modern", "Stan",
    ],
)  # fmt: skip
def test_other_names_are_free(name):
    assert not is_reserved(name)


def test_the_names_of_staff_are_reserved_while_they_are_staff():
    person = make_user(username="ines.d", display_name="Inês Duarte")
    for name in ("Ines Duarte", "INES DUARTE", "ines.d", "Inés  Duarte", "lnes Duarte"):
        assert is_reserved(name)
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert not is_reserved("Ines Duarte")


@pytest.mark.parametrize(
    "name",
    [
        "Ada Desk (real)", "Ada Desk, Masthead office", "Mo Reads | Desk", "Mo Reads, moderating", "Ada Desk Staff",
        "The real Ada Desk", "Ada Desk official account", "Masthead: Ada Desk", "Ada  Dеsk 2", "(Ada Desk)", "mo (here again)",
    ],
)  # fmt: skip
def test_a_name_of_staff_stays_theirs_whatever_stands_beside_it(name):
    make_user(username="ada.d", display_name="Ada Desk")
    make_user(username="mo", display_name="Mo Reads")
    assert is_reserved(name)


@pytest.mark.parametrize(
    "name",
    [
        "Ada", "Ada Deskins", "Desk", "Ada Desk Lopes", "Admiral Stafford", "Moderato", "Ines (Lisbon)", "Chief Joseph", "Reads",
        "Moses", "Mo Farah", "Mo R.", "Reader of Masthead since 2019", "Edit Orban", "The Lead Singer",
    ],
)  # fmt: skip
def test_names_that_are_near_those_of_staff_are_free(name):
    make_user(username="ada.d", display_name="Ada Desk")
    make_user(username="mo", display_name="Mo Reads")
    assert not is_reserved(name)


@pytest.mark.parametrize(
    "name", ["Editor’s pick", "editors pick", "Removed comment", "Comment under review", "Ana (another writer)"]
)
def test_what_the_site_writes_beside_names_is_no_name(name):
    assert is_reserved(name)


def test_a_reader_with_an_account_and_no_desk_reserves_nothing():
    make_user(username="priya", display_name="Priya", is_staff=False)
    assert not is_reserved("Priya")


def test_the_owner_names_more(settings):
    settings.RESERVED_NAMES = ["The Publisher"]
    assert is_reserved("the pub1isher")
    assert not is_reserved("Moderator")


def test_a_user_without_a_display_name_reserves_no_empty_name():
    make_user(username="quiet", display_name="")
    assert not is_reserved("…")


def test_it_costs_one_query():
    for _ in range(3):
        make_user()
    with CaptureQueriesContext(connection) as captured:
        is_reserved("Ines")
    assert len(captured) == 1


def test_look_alikes_share_a_skeleton():
    assert skeleton("Jill") == skeleton("JiII") == skeleton("j1ll")
    assert skeleton("Ana") != skeleton("Ann")
