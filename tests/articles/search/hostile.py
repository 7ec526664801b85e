"""Two hundred things to type that a search might choke on: operators of both databases, marks, controls, lengths, scripts."""

OPERATORS = [
    "AND", "OR", "NOT", "NEAR", "NEAR(a b, 5)", "a AND", "AND a", "a OR", "NOT a", "a NOT", "a AND NOT b", "a NEAR/3 b",
    "title:something", "title : something", "{title body}:x", "-title:x", "^something", "something*", "*", "**", "some*thing",
    "+something", "+-something", "--something", "- something", "a -", "-a -b -c", "(", ")", "()", "(something", "something)",
    "((((((((((a", "a))))))))", "a & b", "a && b", "a | b", "a || b", "!a", "a & !", "!", "!!", "a <-> b", "<->", "<2>", "a:*",
    "a:AB", ":*", "a:b:c", ":", "::", "::tsquery", "@@", "%", "%%", "%s", "%(q)s", "{}", "{0}", "${x}", "$1", "?", "??", "_", "__",
]  # fmt: skip
QUOTES = [
    '"', '""', '"""', '""""', "'", "''", "'''", '"something', 'something"', '"some" thing"', "it's", "it''s", "'; --", '"; --',
    '"\'"', "'\"'", "`", "``", "“", "”", "“something", "something”", "„a“", "«a»", "‘a’", "\\", "\\\\", '\\"', "\\'", "a\\", "\\a",
    '"a\\"', "'a\\'", 'tag:"', 'tag:""', 'tag:"a', "tag:'a'", 'author:"', 'author:"a"b"', "since:", 'since:"2024"', 'until:"',
    "tag:", "tag::a", "-tag:a", "--tag:a", "tag:-a", "TAG:a", "tag :a",
]  # fmt: skip
INJECTIONS = [
    "'; DROP TABLE articles_article; --", "1' OR '1'='1", "1; SELECT pg_sleep(10)", "' UNION SELECT password FROM accounts_user --",
    "something' MATCH '", "something) OR 1=1 --", "x'); DELETE FROM articles_search; --", "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "\"><script>alert(1)</script>", "javascript:alert(1)", "{{ 7*7 }}", "{% load x %}", "${{7*7}}",
    "../../etc/passwd", "%00", "%27", "%22", "&lt;", "&#0;", "&quot;", "\r\nSet-Cookie: a=b", "a\r\nb", "a\tb",
]  # fmt: skip
CONTROLS = [
    "\x00", "a\x00b", "\x00a", "a\x00", '"a\x00b"', "\x01\x02\x03", "\x1b[31m", "\x7f", "\x80", "\x9f", "\ufeff", "\ufeffa", "a\u200bb",
    "\u200b", "\u202e", "\u202eabc", "a\u00adb", "\ud800", "a\udfffb", "\ufffe", "\uffff", "\ufffd", "\u2028", "\u2029", "\u0085", "\u00a0",
    "\u3000", "a\u3000b",
]  # fmt: skip
SCRIPTS = [
    "😀", "😀😀😀", "something 😀", "👩‍👩‍👧‍👦", "🇫🇷", "é", "e\u0301", "e" + "\u0301" * 300, "ß", "ẞ", "İ", "ı", "ﬁ", "ŉ", "ǅ", "Ⅷ", "①", "½", "²",
    "العربية", "שלום", "فارسی", "שלום -עולם", "العربية something", "机器学习", "机", "ไทย", "ภาษาไทย", "日本語", "ひらがな", "한국어", "हिन्दी", "தமிழ்",
    "ქართული", "Ελληνικά", "Русский", "Հայերեն", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "𐍈", "𠜎", "ﷺ", "Z̸̛̭a̶͝l̷͓g̴o̵", "1e5", "1.5", "1,000", "0x10", "-1", "+1", "∞", "NaN", "null",
    "true", "None", "undefined",
]  # fmt: skip
LENGTHS = [
    "a" * 10_000, "a " * 5_000, '"a" ' * 2_500, "-a " * 3_000, "(" * 10_000, '"' * 10_000, "tag:a " * 1_500, "机" * 5_000, "😀" * 2_500,
    "\x00" * 10_000, "something " * 1_000, "a" * 41, "since:2024 " * 900, "a-" * 5_000, "’" * 9_999,
]  # fmt: skip
HOSTILE = [*OPERATORS, *QUOTES, *INJECTIONS, *CONTROLS, *SCRIPTS, *LENGTHS]
