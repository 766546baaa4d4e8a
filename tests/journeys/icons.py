"""Draws the PNG icons of the installed app from static/img/icon.svg: `python -m tests.journeys.icons`."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.journeys.chromium import find, launch_flags

FOLDER = Path(__file__).parents[2] / "static" / "img"
ICONS = (("icon-180.png", 180, 0.0), ("icon-192.png", 192, 0.0), ("icon-512.png", 512, 0.0))
MASKABLE = ("icon-maskable-512.png", 512, 0.1)
"""Systems cut a maskable icon to a shape: its drawing keeps to the middle four fifths, its ground fills all."""


def page_with(svg: str, size: int, margin: float) -> str:
    inner = round(size * (1 - 2 * margin))
    ground = "#1f5f7a" if margin else "transparent"
    return (
        f"<style>body{{margin:0;background:{ground};display:grid;place-content:center;width:{size}px;height:{size}px}}"
        f"svg{{display:block;width:{inner}px;height:{inner}px}}</style>{svg}"
    )


def main() -> None:
    """Draw every icon, with a small palette so that each is a few kilobytes."""
    svg = (FOLDER / "icon.svg").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=launch_flags())
        for name, size, margin in (*ICONS, MASKABLE):
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(page_with(svg, size, margin))
            drawn = Image.open(io.BytesIO(page.screenshot(omit_background=True)))
            drawn.quantize(32, method=Image.Quantize.FASTOCTREE).save(FOLDER / name, optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
