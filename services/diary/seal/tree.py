"""From the heads of all streams to a signed seal, and back. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from services.diary.seal.events import StoreSealed
from services.eventsourcing.merkle import leaf_hash, root
from services.eventsourcing.signing import Signer, Verifier
from services.eventsourcing.store import Head

KIND = "seal"
_canonical = msgspec.json.Encoder(order="sorted")


def leaves(heads: Sequence[Head]) -> list[bytes]:
    """The leaf hashes of heads, which must be in the order of their streams' names."""
    return [leaf_hash(_canonical.encode((head.stream, head.commit, head.hash))) for head in heads]


def root_of(heads: Sequence[Head]) -> str:
    """The root over heads, in hexadecimal."""
    return root(leaves(heads)).hex()


def sealed(heads: Sequence[Head], last: StoreSealed | None, store: str, cut: str, at: str, by: Signer) -> StoreSealed:
    """The seal over these heads that follows `last`."""
    unsigned = StoreSealed(
        store=store,
        number=last.number + 1 if last else 1,
        cut=cut,
        at=at,
        root=root_of(heads),
        streams=len(heads),
        commits=sum(head.commit for head in heads),
        previous=last.root if last else "",
        key=by.verifier.id,
        signature="",
    )
    return msgspec.structs.replace(unsigned, signature=by.sign(KIND, statement(unsigned)))


def statement(seal: StoreSealed) -> bytes:
    """What is signed: every field but the signature."""
    fields = msgspec.structs.asdict(seal)
    del fields["signature"]
    return _canonical.encode(fields)


def check_signature(seal: StoreSealed, key: Verifier) -> None:
    """Raises signing.Forged."""
    key.verify(KIND, statement(seal), seal.signature)


def went_back(before: Sequence[Head], after: Sequence[Head]) -> list[str]:
    """What time cannot do: streams that vanished, that end earlier, or that end otherwise at the same commit."""
    now = {head.stream: head for head in after}
    found: list[str] = []
    for old in before:
        new = now.get(old.stream)
        if new is None:
            found.append(f"{old.stream} has vanished; it had {old.commit} commits")
        elif new.commit < old.commit:
            found.append(f"{old.stream} ends with commit {new.commit}; it had {old.commit}")
        elif new.commit == old.commit and new.hash != old.hash:
            found.append(f"{old.stream} ends with another commit {new.commit} than before")
    return found
