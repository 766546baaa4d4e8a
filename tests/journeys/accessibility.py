"""Axe, run inside the page, since the content policy rightly refuses a script from elsewhere."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

SOURCE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong on a page: rule, and the elements it is about."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SOURCE)
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found]
