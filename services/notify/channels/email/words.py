"""The words of a mail: one template per message and language, laid out twice, as text and as HTML."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from services.notify.channels.channel import Letter

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGES = ("ru", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """A mail's subject and its two forms."""

    subject: str
    text: str
    html: str


class Writer:
    """Writes letters. `portal` is the address people sign in at; `lang` serves readers of other languages."""

    def __init__(self, portal: str, lang: str) -> None:
        self._portal = portal
        self._lang = lang
        self._plain = _environment(escaping=False)
        self._escaped = _environment(escaping=True)

    def language(self, letter: Letter) -> str:
        """The language a letter is written in."""
        wanted = letter.locale[:2].lower()
        return wanted if wanted in LANGUAGES else self._lang

    def write(self, letter: Letter) -> Words:
        """The words of a letter, the same for the same letter."""
        language = self.language(letter)
        place = f"{language}/{letter.template}.j2"
        facts = {**asdict(letter), "topic": letter.subject, "portal": self._portal, "lang": language}
        text = self._plain.get_template(place)
        return Words(
            subject=_one_line(_block(text, "subject", {**facts, "layout": "letter.txt"})),
            text=text.render(facts, layout="letter.txt").strip() + "\n",
            html=self._escaped.get_template(place).render(facts, layout="letter.html"),
        )


def _environment(*, escaping: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=escaping,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _block(template: Template, name: str, facts: dict[str, object]) -> str:
    context = template.new_context(facts)
    return "".join(template.blocks[name](context))


def _one_line(text: str) -> str:
    # Names come from people: a line break in one must not begin a new header.
    return " ".join(text.split())
