"""A parent links a diary by its slip."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.diary.link.tries_store import OF_ACCOUNT, Tries
from services.diary.slip.code import SAME_KEY
from services.diary.slip.issuing import Issuing
from services.eventsourcing.clock import stamp, utc_now
from services.eventsourcing.ids import new_id
from services.eventsourcing.message import Meta
from services.eventsourcing.problems import Problem

LAYOUT = {latin: cyrillic for cyrillic, latin in SAME_KEY.items()}
WRONG = "AAAA-BBBB-CC"


def slip(school, pupil="masha"):
    """A new slip of this pupil, in clear."""
    issuing: Issuing = school.app.extensions["issuing"]
    (made,) = issuing.issue("s7", [pupil], Meta("staff:orlova", new_id(), stamp(utc_now())))
    return made


def link(school, login, password, account="anna", key=""):
    body = {"login": login, "password": password, "account": account, "title": "Маша"}
    return school.post("/links", body, account, "portal", key=key)


def test_the_right_slip_links_the_diary(school):
    made = slip(school)
    answer = link(school, made.login, made.password)
    assert (answer.status_code, answer.json["pupil"], answer.json["stream"]) == (200, "masha", "diary-masha")
    name, data = school.events("diary-masha")[-1]
    assert (name, data["account"], data["link"], data["title"]) == ("DiaryLinked", "anna", answer.json["link"], "Маша")


def test_the_slip_is_read_with_small_letters_and_a_forgotten_layout(school):
    made = slip(school)
    typed = ["".join(LAYOUT.get(sign, sign) for sign in text).lower() for text in (made.login, made.password)]
    assert link(school, *typed).status_code == 200


def test_an_unknown_login_and_a_wrong_password_look_the_same(school):
    made = slip(school)
    wrong, unknown = link(school, made.login, WRONG, "anna"), link(school, "KT7M-QX4P", WRONG, "boris")
    assert (wrong.status_code, wrong.json["code"], wrong.json["field"]) == (409, "slip-wrong", "password")
    assert wrong.json == unknown.json
    assert wrong.json["params"] == {"left": 4}


def test_each_try_costs_one_hash_whether_or_not_the_login_is_known(school):
    made = slip(school)
    secrets = school.app.extensions["issuing"]._secrets
    counts = []
    for login, account in ((made.login, "anna"), ("KT7M-QX4P", "boris")):
        before = secrets.done
        link(school, login, WRONG, account)
        counts.append(secrets.done - before)
    assert counts == [1, 1]


def test_a_portal_password_gets_a_hint_and_costs_no_try(school):
    made = slip(school)
    answer = link(school, made.login, "correct horse")
    assert (answer.json["code"], answer.json["field"]) == ("slip-looks-like-portal-password", "password")
    assert link(school, "anna@example.org", made.password).json["code"] == "slip-login-form"
    assert link(school, made.login, WRONG).json["params"] == {"left": 4}


def test_five_wrong_tries_close_the_door_for_a_while(school):
    made = slip(school)
    codes = [link(school, made.login, WRONG).json["code"] for _ in range(6)]
    assert codes == ["slip-wrong"] * 5 + ["too-many-tries"]
    answer = link(school, made.login, made.password)
    assert (answer.status_code, answer.json["params"]) == (429, {"minutes": 15})


def test_a_right_try_does_not_count(school):
    made = slip(school)
    assert [link(school, made.login, made.password).status_code for _ in range(7)] == [200] * 7


def test_a_window_of_tries_begins_with_the_first_of_them(school):
    tries, now = Tries(school.core.db), utc_now()
    for _ in range(OF_ACCOUNT.most):
        tries.take(OF_ACCOUNT, "anna", now)
    with pytest.raises(Problem):
        tries.take(OF_ACCOUNT, "anna", now + timedelta(minutes=14, seconds=59))
    assert tries.take(OF_ACCOUNT, "anna", now + timedelta(minutes=15, seconds=1)) == OF_ACCOUNT.most - 1


def test_a_reissued_slip_kills_the_old_one_at_once_and_keeps_the_links(school):
    old = slip(school)
    link(school, old.login, old.password, "anna")
    new = slip(school)
    assert link(school, old.login, old.password, "boris").json["code"] == "slip-wrong"
    assert link(school, new.login, new.password, "boris").status_code == 200
    names = [name for name, _ in school.events("diary-masha")]
    assert names.count("DiaryLinked") == 2 and "LinkRemoved" not in names


def test_a_slip_expires_sixty_days_unused_and_not_once_it_was_used(school):
    used, unused = slip(school, "masha"), slip(school, "lev")
    link(school, used.login, used.password)
    linking, later = school.app.extensions["linking"], stamp(utc_now() + timedelta(days=61))
    meta = Meta("portal:boris", new_id(), later)
    assert linking.link("boris", used.login, used.password, "Маша", meta).pupil == "masha"
    with pytest.raises(Exception, match="slip-wrong"):
        linking.link("boris", unused.login, unused.password, "Лёва", replace(meta, command=new_id()))


def test_linking_twice_answers_the_link_there_is(school):
    made = slip(school)
    first, second = (link(school, made.login, made.password).json for _ in range(2))
    assert (first["link"], first["version"]) == (second["link"], second["version"])


def test_the_ninth_account_is_refused(school):
    made = slip(school)
    codes = [link(school, made.login, made.password, f"account-{n}").status_code for n in range(9)]
    assert codes == [200] * 8 + [409]


def test_the_same_request_with_the_same_key_links_once(school):
    made = slip(school)
    first = link(school, made.login, made.password, key="k1").json
    second = link(school, made.login, made.password, key="k1").json
    assert (second["link"], second["repeated"]) == (first["link"], True)


def test_a_key_used_for_another_request_is_refused(school):
    made = slip(school)
    link(school, made.login, made.password, key="k1")
    assert link(school, made.login, made.password.lower(), key="k1").json["code"] == "key-reused"


def test_an_account_removes_its_own_link_only(school):
    made = slip(school)
    path = "/links/masha/" + link(school, made.login, made.password, "anna").json["link"]
    assert school.delete(path, "boris").status_code == 404
    answers = [school.delete(path, "anna") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [name for name, _ in school.events("diary-masha")].count("LinkRemoved") == 1


def test_nobody_links_for_another_account(school):
    made = slip(school)
    body = {"login": made.login, "password": made.password, "account": "boris", "title": "Маша"}
    assert school.post("/links", body, "anna", "portal").status_code == 403
    assert school.post("/links", body, "boris", "staff").status_code == 403
