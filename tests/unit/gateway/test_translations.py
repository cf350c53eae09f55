"""Everything the gateway says exists in Russian too."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

GATEWAY = Path(__file__).parents[3] / "services" / "gateway"
NAMED = re.compile(r"%\((\w+)\)s")


def catalogue() -> Catalog:
    with (GATEWAY / "translations/ru/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="ru")


def said() -> set[str]:
    with (GATEWAY / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(GATEWAY, methods, options)
    return {text if isinstance(text, str) else text[0] for _, _, text, _, _ in found}


def texts(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_every_sentence_of_pages_and_code_is_translated() -> None:
    translated = {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue()
        if message.id and all(texts(message))
    }
    assert said() - translated == set()


def test_no_translation_is_left_over_or_doubtful() -> None:
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue() if message.id}
    assert known - said() == set()
    assert [message.id for message in catalogue() if message.id and message.fuzzy] == []


def test_a_translation_fills_in_what_the_english_sentence_does() -> None:
    for message in catalogue():
        if not message.id:
            continue
        english = message.id if isinstance(message.id, str) else message.id[1]
        for russian in texts(message):
            assert set(NAMED.findall(russian)) == set(NAMED.findall(english)), english


def test_counted_things_have_the_three_russian_forms() -> None:
    assert all(len(texts(message)) == 3 for message in catalogue() if message.pluralizable)
