"""One form for all spellings, one index for each form."""

from services.identity.naming import Index, plain


def test_the_plain_form_of_a_plain_form_is_itself_for_every_character() -> None:
    characters = [chr(number) for number in range(0x110000) if not 0xD800 <= number < 0xE000]
    assert [c for c in characters if plain(plain(c)) != plain(c)] == []


def test_spellings_of_a_login_share_an_index() -> None:
    index = Index(b"m" * 32)
    assert index.login(" Anna ") == index.login("ANNA") == index.login("ａnna")


def test_doors_addresses_and_installations_have_indexes_of_their_own() -> None:
    index = Index(b"m" * 32)
    found = {index.login("anna"), index.staff("anna"), index.address("anna"), Index(b"x" * 32).login("anna")}
    assert len(found) == 4
