"""A drawing as Amina might make it with a finger: strokes of a few pens on white paper."""

import io
import math

from PIL import Image, ImageDraw

from app.media.opening import open_picture
from app.media.values import Cleaned

SIDE = 1_200
INK, GREY, RED, YELLOW, GREEN, BLUE, PURPLE = (
    "#1d2140", "#8a8fa3", "#d63a32", "#f7cf3d", "#3f9d54", "#2f74c0", "#7a4fb5",
)  # fmt: skip
Points = list[tuple[float, float]]
Stroke = tuple[str, int, Points]


def ring(x: float, y: float, radius: float, turns: float = 1.03) -> Points:
    """Return a circle that does not quite close where it began."""
    steps = [turns * 2 * math.pi * step / 28 for step in range(29)]
    return [(x + (radius + 3 * at) * math.cos(at), y + radius * math.sin(at)) for at in steps]


WALL: tuple[Stroke, ...] = (
    (GREY, 16, [(270, 1150), (290, 760), (330, 420), (318, 60)]),
    (GREY, 16, [(330, 70), (640, 52), (960, 78), (1_120, 60)]),
    (GREY, 6, [(300, 560), (520, 548), (830, 566), (1_120, 552)]),
    (GREY, 6, [(290, 880), (610, 868), (900, 884), (1_130, 872)]),
    (RED, 40, [(430, 980), (470, 962)]),
    (GREEN, 40, [(640, 940), (662, 948)]),
    (YELLOW, 40, [(520, 720), (548, 712)]),
    (BLUE, 40, [(790, 690), (812, 700)]),
    (PURPLE, 40, [(640, 430), (668, 424)]),
    (RED, 40, [(900, 350), (920, 362)]),
    (YELLOW, 40, [(480, 260), (502, 252)]),
    (INK, 16, ring(690, 500, 62)),
    (INK, 16, [(694, 566), (700, 640), (690, 760)]),
    (INK, 16, [(696, 610), (740, 560), (800, 470), (850, 400), (905, 362)]),
    (INK, 16, [(696, 612), (640, 560), (640, 500), (652, 440)]),
    (INK, 16, [(690, 760), (730, 800), (760, 840), (742, 930), (668, 944)]),
    (INK, 16, [(690, 760), (640, 770), (590, 750), (545, 722)]),
    (INK, 6, [(668, 492), (672, 496)]),
    (INK, 6, [(712, 490), (716, 494)]),
    (INK, 6, [(664, 520), (680, 534), (704, 534), (720, 516)]),
    (BLUE, 6, [(690, 700), (560, 820), (420, 1_000), (180, 1_120)]),
    (INK, 16, ring(130, 930, 44)),
    (INK, 16, [(132, 976), (134, 1_080), (96, 1_150)]),
    (INK, 16, [(134, 1_080), (176, 1_150)]),
    (INK, 16, [(134, 1_010), (176, 1_070), (186, 1_118)]),
)


HERSELF: tuple[Stroke, ...] = (
    (INK, 40, [(352, 760), (330, 620), (345, 470), (420, 350), (600, 292), (780, 350), (855, 470), (872, 690)]),
    (INK, 40, [(390, 470), (470, 392), (600, 370), (700, 392), (800, 470)]),
    (INK, 16, ring(600, 590, 232)),
    (INK, 40, [(510, 560), (514, 564)]),
    (INK, 40, [(690, 560), (694, 564)]),
    (INK, 16, [(470, 490), (505, 476), (540, 486)]),
    (INK, 16, [(660, 486), (695, 476), (730, 490)]),
    (INK, 6, [(600, 580), (590, 630), (612, 640)]),
    (RED, 16, [(500, 690), (545, 738), (600, 752), (655, 738), (706, 688)]),
    (PURPLE, 40, [(326, 560), (340, 380), (450, 240), (600, 205), (750, 240), (860, 380), (874, 560)]),
    (PURPLE, 90, [(330, 570), (332, 660)]),
    (PURPLE, 90, [(870, 570), (868, 660)]),
    (INK, 16, [(540, 818), (532, 880), (380, 930), (290, 1_020), (262, 1_170)]),
    (INK, 16, [(660, 818), (668, 880), (820, 930), (910, 1_020), (938, 1_170)]),
    (GREEN, 40, [(400, 1_000), (500, 960), (700, 960), (800, 1_000)]),
    (GREEN, 40, [(360, 1_090), (500, 1_050), (700, 1_050), (840, 1_090)]),
    (YELLOW, 16, [(1_010, 128), (1_076, 330), (906, 206), (1_114, 206), (944, 330), (1_012, 126)]),
    (BLUE, 16, [(120, 300), (150, 270), (180, 300), (210, 270), (240, 300)]),
    (BLUE, 16, [(130, 380), (160, 350), (190, 380), (220, 350)]),
)  # fmt: skip


def drawing_of_the_wall() -> Cleaned:
    """Return somebody small on a climbing wall, and somebody who holds the rope."""
    return drawn(WALL)


def drawing_of_herself() -> Cleaned:
    """Return a face with big headphones, and a star."""
    return drawn(HERSELF)


def drawn(strokes: tuple[Stroke, ...]) -> Cleaned:
    """Return strokes on white paper as somebody’s phone would send them, cleaned."""
    paper = Image.new("RGB", (SIDE, SIDE), "white")
    pen = ImageDraw.Draw(paper)
    for colour, width, points in strokes:
        pen.line(points, fill=colour, width=width, joint="curve")
        for x, y in points:
            pen.circle((x, y), width / 2, fill=colour)
    out = io.BytesIO()
    paper.save(out, "PNG")
    made = open_picture(out.getvalue(), "PNG")
    return Cleaned(made.contents, made.thumbnail, "image/webp", made.width, made.height)
