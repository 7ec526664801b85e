"""What the stored pictures show: the extremes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import Image as Pillow
from PIL import ImageDraw

from articles.cards import drawing
from articles.cards.drawing import Words

SIZE = (400, 210)
LONG = (
    "How a small town kept its library open through three winters, two floods and one long argument about who should pay for "
    "the lights, the librarians and the leaking roof of its reading room"
)
EXAMPLES = {
    "site": Words("Masthead", ("Long articles, and the conversation around them.",), ""),
    "plain": Words("The Power Struggle in AI: Elon Musk vs. Sam Altman", ("Technology desk",), "Masthead"),
    "one_letter": Words("A", ("Ada",), "Masthead"),
    "long": Words(
        LONG, tuple(f"Writer Number {number}" for number in range(9)), "The Long Name of a Paper That Nobody Could Shorten"
    ),
    "no_spaces": Words("x" * 200, ("Ada",), "Masthead"),
    "hebrew": Words("מבוא לכתיבה ארוכה: איך Python 3.13 שינתה הכול", ("דנה כהן", "Ada"), "Masthead"),
    "arabic": Words("مقدمة إلى الكتابة الطويلة في عصر Django", ("ليلى حسن",), "Masthead"),
    "greek_and_more": Words("Ελληνικά, кириллица და ქართული, հայերեն", ("Νίκος",), "Masthead"),
    "devanagari": Words("हिन्दी में विज्ञान लेखन और क्षेत्रीय भाषाएँ", ("रमेश",), "Masthead"),
    "thai": Words("ภาษาไทยไม่มีช่องว่างระหว่างคำดังนั้นบรรทัดจึงต้องตัดที่ไหนสักแห่ง", (), "Masthead"),
    "emoji": Words("Celebrating 🎉 the 100th issue ❤️ 👩‍🚀 together", ("Ada 🚀",), "Masthead"),
    "chinese": Words("日本語の題名です", ("山田太郎",), "Masthead"),
    "pictured": Words("The Power Struggle in AI: Elon Musk vs. Sam Altman", ("Technology desk",), "Masthead"),
    "pictured_long": Words(LONG, ("Ada", "Grace Hopper"), "Masthead"),
    "pictured_hebrew": Words("מבוא לכתיבה ארוכה", ("דנה כהן",), "Masthead"),
    "pictured_chinese": Words("日本語の題名です", ("山田太郎",), "Masthead"),
}


def picture() -> Pillow.Image:
    drawn = Pillow.new("RGB", (900, 600), "#dfe9e4")
    pen = ImageDraw.Draw(drawn)
    for radius in range(300, 20, -40):
        pen.ellipse((450 - radius, 300 - radius, 450 + radius, 300 + radius), outline="#0b5b54", width=6)
    return drawn


def stored(name: str) -> Path:
    return Path(__file__).parent / f"{name}.png"


@cache
def example(name: str) -> tuple[bytes, str]:
    lead = drawing.Lead(picture(), (50, 50)) if name.startswith("pictured") else None
    return drawing.draw(EXAMPLES[name], lead)
