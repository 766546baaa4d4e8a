"""What somebody sends is opened apart and made anew: nothing but pixels and sound comes through."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from app.media import cleaning, opening
from app.media.cleaning import clean
from app.media.values import LARGEST_KEPT, MediaKind, NotTakenError
from tests.capabilities.media import made


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def cleaned(data: bytes) -> Image.Image:
    """Return the photo that is kept of a file, after a look at what else is in it."""
    result = clean(data, MediaKind.PHOTO)
    for kept in (result.contents, result.thumbnail):
        assert made.MARK not in kept
        assert b"<script" not in kept
        image = opened(kept)
        assert (image.format, image.mode) == ("WEBP", "RGB")
        assert set(image.info) <= {"loop", "background", "timestamp", "duration"}
        assert len(image.getexif()) == 0
    assert result.content_type == "image/webp"
    assert (result.width, result.height) == opened(result.contents).size
    return opened(result.contents)


def is_red(image: Image.Image, x: int, y: int) -> bool:
    red, _, blue = image.getpixel((x, y))  # type: ignore[misc]
    return int(red) > int(blue)


def test_a_photo_with_a_place_comes_out_upright_and_without_it() -> None:
    sent = made.jpeg_with_gps()
    assert made.MARK in sent
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(made.GPS)[made.GPS_LATITUDE] == (52.0, 55.0, 21.0)
    kept = cleaned(sent)
    assert kept.size == (48, 64)
    assert is_red(kept, 24, 5)
    assert not is_red(kept, 24, 60)


@pytest.mark.parametrize("file", [made.jpeg_and_page, made.gif_and_archive, made.png_with_words])
def test_what_is_two_things_at_once_comes_out_as_one(file: Callable[[], bytes]) -> None:
    sent = file()
    assert made.MARK in sent
    assert cleaned(sent).size == (64, 48)


def test_only_the_first_frame_of_an_animation_is_kept() -> None:
    kept = cleaned(made.animation())
    assert getattr(kept, "n_frames", 1) == 1
    assert is_red(kept, 5, 5)


@pytest.mark.parametrize(("form", "mode"), [("PNG", "RGBA"), ("WEBP", "RGB"), ("AVIF", "RGB"), ("JPEG", "CMYK")])
def test_each_kind_of_picture_is_taken(form: str, mode: str) -> None:
    image = made.picture().convert(mode)
    assert cleaned(made.saved(image, form)).size == (64, 48)


def test_what_is_see_through_lies_on_white() -> None:
    clear = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    assert cleaned(made.saved(clear, "PNG")).getextrema() == ((255, 255), (255, 255), (255, 255))


def test_a_large_photo_is_made_smaller_and_noise_still_fits() -> None:
    noise = Image.effect_noise((3_000, 2_000), 120).convert("RGB")
    result = clean(made.saved(noise, "JPEG", quality=90), MediaKind.PHOTO)
    assert (result.width, result.height) == (2_048, 1_365)
    assert len(result.contents) < LARGEST_KEPT
    assert len(result.thumbnail) < 40_000


REFUSED = {
    "an SVG with a script": (made.svg, "A program can hide in it"),
    "a zip bomb": (made.zip_bomb, "That is a zip file"),
    "a picture that unpacks to too much": (made.png_bomb, "too big to open"),
    "a picture a bit too large": (lambda: made.png_bomb(8_000, 8_000), "too big to open"),
    "text that unpacks to too much": (made.png_text_bomb, "looks broken"),
    "a page by itself": (lambda: b"<!doctype html>" + made.SCRIPT, "can’t tell what that file is"),
    "a PDF": (lambda: b"%PDF-1.7\n", "That is a PDF"),
    "half a photo": (lambda: made.jpeg_with_gps((400, 400))[:900], "looks broken"),
    "a beginning and nothing more": (lambda: b"\xff\xd8\xff\xe0", "looks broken"),
    "a PNG that calls itself a JPEG inside": (lambda: b"\xff\xd8\xff" + made.png_with_words(), "looks broken"),
    "nothing": (lambda: b"", "can’t tell what that file is"),
    "a film": (lambda: b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "That is a film"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_taken_is_refused_with_what_to_do(name: str) -> None:
    file, sentence = REFUSED[name]
    with pytest.raises(NotTakenError, match=sentence):
        clean(file(), MediaKind.PHOTO)


def test_the_process_that_opens_files_knows_nothing_of_ours() -> None:
    code = f"import runpy, sys; runpy.run_path({str(cleaning.SCRIPT)!r}); print([m for m in sys.modules if m == 'app'])"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, env={}, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"


def test_a_decoder_that_dies_takes_nothing_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "dies.py"
    script.write_text("import os, sys\nsys.stdin.buffer.read()\nos.abort()\n")
    monkeypatch.setattr(cleaning, "SCRIPT", script)
    with pytest.raises(NotTakenError, match="looks broken"):
        clean(made.jpeg_with_gps(), MediaKind.PHOTO)


def test_a_photo_as_iphones_keep_it_is_taken_where_the_extra_is_here() -> None:
    sent = made.heic()
    assert made.MARK in sent
    assert cleaned(sent).size == (64, 48)


def test_without_the_extra_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    assert json.loads(opening.answer("picture", "HEIF", made.heic())) == {"refused": "heif"}
    assert "Take a screenshot of it" in cleaning.WHY["heif"]
