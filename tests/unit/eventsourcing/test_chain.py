"""What a commit's hash covers, and what can be hidden from somebody who checks it."""

import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from services.eventsourcing.chain import commit_hash, event_digests, event_text, rest_digest, salt, seal_commit
from services.eventsourcing.store import Commit, Head, Stored
from tests.kit.toy import asked, page

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def commit(*events: Stored, command: str = "c1") -> Commit:
    return seal_commit(Head("book-b1", 4, 9, "ab" * 32), events, asked(command), ["r1"])


def test_the_hash_can_be_computed_from_digests_alone() -> None:
    made = commit(page("one"), page("two"))
    head = Head("book-b1", 4, 9, "ab" * 32)
    assert commit_hash(head, made.at, made.actor, list(event_digests(made)), rest_digest(made)) == made.hash


def test_equal_events_have_different_digests() -> None:
    first, second = event_digests(commit(page("one"), page("one")))
    (elsewhere,) = event_digests(commit(page("one"), command="c2"))
    assert len({first, second, elsewhere}) == 3


def test_no_salt_is_the_salt_of_another() -> None:
    salts = {salt(command, index) for command in ("c", "c1", "c11") for index in (None, 0, 1, 10, 11)}
    assert len(salts) == 15


@given(values)
def test_the_text_is_the_json_that_the_standard_library_writes(value: object) -> None:
    """Somebody without our code can write it again: sorted keys, no spaces, UTF-8."""
    event = Stored("PageWritten", 1, {"value": value})
    text = json.dumps(["PageWritten", 1, event.data], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert event_text(event) == text.encode()


def test_the_hash_is_what_the_description_says() -> None:
    made = commit(page("Обложка"))
    salted = hashlib.sha256(b"c1\n0").hexdigest()
    text = '["PageWritten",1,{"book":"b1","text":"Обложка"}]'
    event = hashlib.sha256(f"{salted}\n{text}".encode()).hexdigest()
    rest = hashlib.sha256((hashlib.sha256(b"c1\nrest").hexdigest() + '\n["c1","","","",["r1"]]').encode()).hexdigest()
    content = json.dumps(["book-b1", 5, 10, made.at, made.actor, [event], rest], separators=(",", ":"))
    assert made.hash == hashlib.sha256(f"{'ab' * 32}\n{content}".encode()).hexdigest()
