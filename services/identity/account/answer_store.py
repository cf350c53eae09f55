"""Security questions and answers: for talks with support only, they never open an account."""

import unicodedata

from services.eventsourcing.mongo import Db
from services.eventsourcing.vault import Vault
from services.identity.password.hashing import Hasher

ANSWERS = "answers"


class AnswerStore:
    """The question sealed with the person's key, the answer hashed."""

    def __init__(self, db: Db, vault: Vault, hasher: Hasher) -> None:
        self._answers = db[ANSWERS]
        self._vault = vault
        self._hasher = hasher

    def init(self) -> None:
        """Create the collection."""
        if ANSWERS not in self._answers.database.list_collection_names():
            self._answers.database.create_collection(ANSWERS)

    def add(self, account: str, question: str, answer: str) -> None:
        """Keep them; what is there already stays."""
        sealed = self._vault.seal(account, "personal", f"{ANSWERS}/{account}/question", question)
        hashed = self._hasher.hash(normalised(answer), f"answer/{account}")
        self._answers.update_one({"_id": account}, {"$setOnInsert": {"question": sealed, "hash": hashed}}, upsert=True)

    def remove(self, account: str) -> None:
        """Forget them."""
        self._answers.delete_one({"_id": account})


def normalised(answer: str) -> str:
    """What is left of an answer when case, spaces, and the dots of ё do not count."""
    return "".join(unicodedata.normalize("NFKC", answer).casefold().replace("ё", "е").split())
