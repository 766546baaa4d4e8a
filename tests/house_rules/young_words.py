"""Every string that young people read: the text of their templates, and the messages of their forms and scripts.

A template's text is taken from its syntax tree, so that both sides of every condition are in it; what is filled in
counts as one short word. Text is cut where a block of HTML begins or ends.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
LAYOUT = "layouts/young_person.html"
ALSO = (
    "errors/*.html",
    "accounts/pictures.html",
    "accounts/welcome.html",
    "phone/*.html",
    "prompts/_due.html",
    "attachments/*.html",
)
FORMS = (
    "app/checkins/forms.py",
    "app/goals/forms.py",
    "app/feed/forms.py",
    "app/profiles/forms.py",
    "app/profiles/values.py",
    "app/profiles/link_forms.py",
    "app/profiles/link_services.py",
    "app/profiles/link_values.py",
    "app/attachments/forms.py",
    "app/media/cleaning.py",
    "app/media/services.py",
    "app/prompts/forms.py",
    "app/prompts/values.py",
    "app/prompts/times.py",
    "app/breaks/feedback_forms.py",
    "app/young_people/sharing_form.py",
    "app/young_people/looks_form.py",
    "app/young_people/decision_values.py",
    "app/safeguarding/presenters.py",
    "app/safeguarding/told.py",
    "app/notifications/values.py",
    "app/phone/shell.py",
    "app/insights/own_page.py",
    "app/insights/own_weeks.py",
)
SCRIPTS = ("static/js/*.js",)
NOT_THEIRS = ("explore.js", "authenticator.js")
FILLED_IN = "it"
INLINE = frozenset({"a", "b", "em", "i", "strong", "abbr", "small", "time", "svg", "use", "code"})
UNREAD = frozenset({"script", "style", "svg"})
READ_ALOUD = ("alt", "aria-label", "placeholder", "title")
SENTENCE = re.compile(r"[.!?:;]+(?=\s|$)")
WORD = re.compile(r"[\w’'-]*\w")


@dataclass(frozen=True, order=True)
class Passage:
    """One string and the file that it stands in."""

    where: str
    text: str

    @property
    def words(self) -> list[str]:
        return WORD.findall(self.text)


class _Blocks(HTMLParser):
    """Gathers text between the tags of blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.held = ""
        self.unread = 0

    def close_block(self) -> None:
        self.found.append(self.held)
        self.held = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in READ_ALOUD and value]
        if tag in UNREAD:
            self.unread += tag != "svg"
        if tag not in INLINE:
            self.close_block()

    def handle_endtag(self, tag: str) -> None:
        if tag in UNREAD and tag != "svg":
            self.unread -= 1
        if tag not in INLINE:
            self.close_block()

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.held += data


def _blocks(html: str) -> list[str]:
    parser = _Blocks()
    parser.feed(html)
    parser.close()
    parser.close_block()
    return [text for block in parser.found if (text := " ".join(block.split())) and re.search(r"[a-z]{2}", text)]


def _source_of(node: nodes.Node) -> str:
    """Return a template's HTML with everything that is filled in as one word, and its conditions' sides in a row."""
    parts = []
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Output):
            parts += [one.data if isinstance(one, nodes.TemplateData) else _filled(one) for one in child.nodes]
        elif isinstance(child, nodes.Block | nodes.Macro):
            parts.append(f"<p>{_source_of(child)}</p>")
        elif isinstance(child, nodes.If | nodes.For | nodes.CallBlock | nodes.With):
            parts.append(_source_of(child))
    return "".join(parts)


def _filled(node: nodes.Node) -> str:
    """Return the words of an expression where it chooses between some, else a short word."""
    if isinstance(node, nodes.CondExpr):
        return _filled(node.expr1)
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        return node.value
    return FILLED_IN


def their_templates() -> list[Path]:
    """Return the templates of young people's pages, with what they include and import."""
    environment = Environment(autoescape=True)
    own = [path for path in TEMPLATES.rglob("*.html") if f'"{LAYOUT}"' in path.read_text()]
    found = {TEMPLATES / LAYOUT, *own, *(path for pattern in ALSO for path in TEMPLATES.glob(pattern))}
    queue = list(found)
    while queue:
        tree = environment.parse(queue.pop().read_text())
        new = {path for path in _linked(tree) if path.exists()} - found
        found |= new
        queue += new
    return sorted(found)


def _linked(tree: nodes.Template) -> Iterator[Path]:
    for kind in (nodes.Include, nodes.Import, nodes.FromImport):
        for link in tree.find_all(kind):
            if isinstance(link, nodes.Include | nodes.Import | nodes.FromImport) and isinstance(
                link.template, nodes.Const
            ):
                yield TEMPLATES / str(link.template.value)


def _of_templates() -> Iterator[Passage]:
    environment = Environment(autoescape=True)
    for path in their_templates():
        for text in _blocks(_source_of(environment.parse(path.read_text()))):
            yield Passage(str(path.relative_to(ROOT)), text)


def _of_forms() -> Iterator[Passage]:
    for name in FORMS:
        tree = ast.parse((ROOT / name).read_text())
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        docstrings |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                yield Passage(name, "".join(_constant(part) for part in node.values))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings | inside:
                yield Passage(name, node.value)


def _constant(part: ast.expr) -> str:
    return str(part.value) if isinstance(part, ast.Constant) else FILLED_IN


def _of_scripts() -> Iterator[Passage]:
    for pattern in SCRIPTS:
        for path in sorted(ROOT.glob(pattern)):
            if path.name in NOT_THEIRS:
                continue
            code = re.sub(r"^\s*//.*$", "", path.read_text(), flags=re.MULTILINE)
            for quoted in re.findall(r'"([^"\n]*)"|`([^`\n]*)`', code):
                text = re.sub(r"\$\{[^}]*\}", FILLED_IN, "".join(quoted))
                yield Passage(str(path.relative_to(ROOT)), text)


def passages() -> list[Passage]:
    """Return every passage, once for each file that it stands in; what is no sentence of words is left out."""
    found = {*_of_templates(), *(p for p in (*_of_forms(), *_of_scripts()) if _is_said(p.text))}
    return sorted(found)


def _is_said(text: str) -> bool:
    return bool(re.match(r"[A-Z“][^{}<>=/]*\s[^{}<>=/]*$", text.strip()))


def reading_age_index(passages: list[Passage]) -> float:
    """Return the Automated Readability Index (Senter and Smith 1967) of passages together, each at least one sentence.

    4.71 letters a word + 0.5 words a sentence - 21.43. Up to 4: a reading age of 8 to 9.
    """
    words = [word for passage in passages for word in passage.words]
    letters = sum(character.isalnum() for word in words for character in word)
    sentences = sum(max(len(SENTENCE.findall(passage.text.rstrip(".!?:; ") + ".")), 1) for passage in passages)
    return 4.71 * letters / len(words) + 0.5 * len(words) / sentences - 21.43
