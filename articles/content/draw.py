"""Draw the two pictures of the sample article into images/, beside this file.

    .venv/bin/python articles/content/draw.py

Each drawing is made of grey masks, several times too large, that say how much of an ink covers
each point. They are reduced and mapped on to a short palette, one even ramp from the paper to
each ink, so nothing is guessed by a quantiser and every run gives the same pixels.
"""

from math import hypot, sqrt
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

IMAGES = Path(__file__).resolve().parent / "images"

INK = (0x1B, 0x1E, 0x1D)
SOFT = (0x56, 0x5C, 0x59)
VERDIGRIS = (0x0B, 0x5B, 0x54)
MIST = (0xEE, 0xF1, 0xEE)
PAPER = (0xFC, 0xFC, 0xFA)

STEPS = 15  # shades from paper to ink, paper itself not counted


def blend(paper, ink, share):
    """Return the colour that lies `share` (0 to 1) of the way from paper to ink."""
    return tuple(round(a + (b - a) * share) for a, b in zip(paper, ink, strict=True))


def compose(paper, layers):
    """Print layers of (ink, mask) on paper and return a palette image.

    A mask is an "L" image: 0 leaves the paper, 255 covers it. Masks do not overlap; where two
    touch, the later one wins.
    """
    palette = list(paper)
    picture = Image.new("P", layers[0][1].size, 0)
    for n, (ink, mask) in enumerate(layers):
        for step in range(1, STEPS + 1):
            palette.extend(blend(paper, ink, step / STEPS))
        steps = mask.point([round(v * STEPS / 255) for v in range(256)])
        indices = steps.point([v + n * STEPS for v in range(256)])
        picture.paste(indices, mask=steps.point([0] + [255] * 255))
    picture.putpalette(palette)
    return picture


def rings(size, centre, half_plane, *, step, stroke, scale):
    """Return a mask of `size` with rings every `step` pixels round a solid centre.

    Only what lies inside the polygon `half_plane` is drawn. Lengths are final pixels; the work is
    done at `scale` times that.
    """
    width, height = (side * scale for side in size)
    x, y = (c * scale for c in centre)
    mask = Image.new("L", (width, height), 0)
    pen = ImageDraw.Draw(mask)
    reach = max(hypot(x - cx, y - cy) for cx in (0, width) for cy in (0, height))
    for radius in range(step * scale, int(reach) + step * scale, step * scale):
        outer = radius + stroke * scale / 2
        pen.ellipse((x - outer, y - outer, x + outer, y + outer), outline=255, width=round(stroke * scale))
    pen.circle((x, y), step * scale, fill=255)
    shape = Image.new("L", mask.size, 0)
    ImageDraw.Draw(shape).polygon([(px * scale, py * scale) for px, py in half_plane], fill=255)
    clipped = Image.new("L", mask.size, 0)
    clipped.paste(mask, mask=shape)
    return clipped.reduce(scale)


def seam(a, b, height, gap):
    """Return the x of the line midway between points a and b, at the top and at the bottom.

    Each is a pair (left edge, right edge) of a gap `gap` pixels wide, measured across the line.
    """
    (ax, ay), (bx, by) = a, b
    dx, dy = bx - ax, by - ay
    half = gap / 2 * hypot(dx, dy) / dx

    def middle(y):
        return (ax + bx) / 2 - (y - (ay + by) / 2) * dy / dx

    return [(middle(y) - half, middle(y) + half) for y in (0, height)]


def draw_lead(size=(2400, 1040), scale=4):
    """Return the lead picture: two sets of rings that meet, ring for ring, on a slanting line."""
    width, height = size
    left, right = (640, 640), (1760, 400)
    (top_l, top_r), (foot_l, foot_r) = seam(left, right, height, gap=10)
    west = [(0, 0), (top_l, 0), (foot_l, height), (0, height)]
    east = [(width, 0), (top_r, 0), (foot_r, height), (width, height)]
    style = {"step": 40, "stroke": 3, "scale": scale}
    return compose(
        MIST,
        [
            (INK, rings(size, left, west, **style)),
            (VERDIGRIS, rings(size, right, east, **style)),
        ],
    )


def label(pen, place, text, *, size, weight, scale):
    """Write text with its baseline starting at `place`, thickened by `weight` pixels all round.

    Pillow carries one weight of its font only.
    """
    x, y = place
    font = ImageFont.load_default(size * scale)
    pen.text((x * scale, y * scale), text, fill=255, font=font, anchor="ls", stroke_width=weight * scale, stroke_fill=255)


def draw_sums(size=(1520, 592), scale=4):
    """Return the bid and the reply as squares whose areas are as the two sums, ten to one."""
    width, height = size
    ground, side = height - 12, 520
    small = side * sqrt(9.74 / 97.4)
    inks = (VERDIGRIS, INK, SOFT)
    masks = {ink: Image.new("L", (width * scale, height * scale), 0) for ink in inks}
    green, black, grey = (ImageDraw.Draw(mask) for mask in masks.values())

    def square(pen, x, length):
        left, top, right, foot = (v * scale for v in (x, ground - length, x + length, ground))
        pen.rectangle((left, top, right - 1, foot - 1), fill=255)  # Pillow fills its last pixel

    square(green, 0, side)
    square(black, 880, small)
    grey.rectangle((0, ground * scale, width * scale, (ground + 3) * scale - 1), fill=255)
    for x, top, amount, name in (
        (side + 40, ground - side, "$97.4 bn", "the bid"),
        (880 + round(small) + 40, ground - round(small), "$9.74 bn", "the reply"),
    ):
        label(black, (x, top + 44), amount, size=60, weight=0.75, scale=scale)
        label(grey, (x, top + 104), name, size=44, weight=0, scale=scale)
    return compose(PAPER, [(ink, mask.reduce(scale)) for ink, mask in masks.items()])


def main():
    """Write both drawings and say how large they are."""
    IMAGES.mkdir(exist_ok=True)
    for name, draw in (("lead.png", draw_lead), ("sums.png", draw_sums)):
        path = IMAGES / name
        draw().save(path, optimize=True)
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
