"""Pages for a meeting: HTML to a tagged PDF, and that to a picture; by libraries that an installation may lack."""

import io
import re
from collections.abc import Mapping, Sequence
from ctypes import CDLL
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from PIL import Image

EXTRA = ("weasyprint", "pypdfium2")
LIBRARIES = {
    "libpango-1.0-0": ("libpango-1.0.so.0", "libpango-1.0.0.dylib", "libpango-1.0-0.dll"),
    "libpangoft2-1.0-0": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.0.dylib", "libpangoft2-1.0-0.dll"),
}
NO_EXTRA = "PDF and PNG need the “reports” extra, which is not installed here: make install-extras brings it."
NO_LIBRARY = "PDF and PNG need {}, which is not installed here: on Debian, apt-get install {}."
VARIANT = "pdf/ua-1"
PIXELS_A_POINT = 2.5
DRAWING = re.compile(r"<svg\b[^>]*>")
LABEL = re.compile(r' aria-label="([^"]*)"')


class CannotPrintError(RuntimeError):
    """This installation lacks what PDFs are made with; the sentence says what to install."""


class DoesNotFitError(ValueError):
    """There is more than one page of it, in letters of any size that may be used."""


@lru_cache(maxsize=1)
def why_not() -> str:
    """Return a sentence where this installation cannot make a PDF, else nothing; loads none of what makes one."""
    return missing_in(EXTRA, LIBRARIES)


def missing_in(modules: tuple[str, ...], libraries: Mapping[str, tuple[str, ...]]) -> str:
    if any(find_spec(name) is None for name in modules):
        return NO_EXTRA
    lacking = [package for package, names in libraries.items() if not any(map(_opens, names))]
    return NO_LIBRARY.format(" and ".join(lacking), " ".join(lacking)) if lacking else ""


def _opens(library: str) -> bool:
    try:
        CDLL(library)
    except OSError:
        return False
    return True


def as_pdf(html: str, *, style: str, figure_style: str) -> bytes:
    """Return a tagged PDF (PDF/UA-1) of a document; nothing outside of it is fetched. Raises CannotPrintError.

    `style` is for the page; `figure_style` for its drawings, which the page’s own rules do not reach, without `<`. A
    drawing’s `aria-label` becomes its text alternative.
    """
    weasyprint = _library("weasyprint")
    drawn = DRAWING.sub(lambda tag: f"{tag[0]}{_title(tag[0])}<style>{figure_style}</style>", html)
    made: bytes = _laid_out(weasyprint, drawn, style).write_pdf(pdf_variant=VARIANT, pdf_tags=True)
    return made


def as_one_page(html: str, *, style: str, sizes: Sequence[float]) -> bytes:
    """Return a tagged PDF (PDF/UA-1) of a document on one page, in the first of these letter sizes in which it fits.

    Nothing outside of the document is fetched; a picture that it carries itself (`data:`) is shown.

    `sizes` are those of the root element, in points, the largest first. Raises CannotPrintError, and DoesNotFitError
    where even the last is too large.
    """
    weasyprint = _library("weasyprint")
    for size in sizes:
        document = _laid_out(weasyprint, html, f"{style} html {{ font-size: {size}pt }}")
        if len(document.pages) == 1:
            made: bytes = document.write_pdf(pdf_variant=VARIANT, pdf_tags=True)
            return made
    raise DoesNotFitError


def _laid_out(weasyprint: Any, html: str, style: str) -> Any:  # noqa: ANN401 (the library has no types)
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    sheet = weasyprint.CSS(string=style, url_fetcher=nothing)
    document = weasyprint.HTML(string=html, url_fetcher=nothing)
    return document.render(stylesheets=[sheet], pdf_variant=VARIANT, pdf_tags=True)


def _title(tag: str) -> str:
    label = LABEL.search(tag)
    return f"<title>{label[1]}</title>" if label else ""


def as_png(pdf: bytes) -> bytes:
    """Return a PDF's pages as one picture, under each other. Raises CannotPrintError."""
    document = _library("pypdfium2").PdfDocument(pdf)
    pages = [page.render(scale=PIXELS_A_POINT).to_pil() for page in document]
    document.close()
    whole = Image.new("RGB", (max(page.width for page in pages), sum(page.height for page in pages)), "white")
    top = 0
    for page in pages:
        whole.paste(page, (0, top))
        top += page.height
    out = io.BytesIO()
    whole.save(out, "PNG", optimize=True)
    return out.getvalue()


def _library(name: str) -> Any:  # noqa: ANN401 (neither library has types)
    if why_not():
        raise CannotPrintError(why_not())
    return import_module(name)
