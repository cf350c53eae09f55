"""Stored mails and the demonstration's list of sign-ins: those of the erased go, those of others stay."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path

from deploy.diaryctl.person.known import Known, Value
from deploy.diaryctl.person.needles import needles_of
from deploy.diaryctl.person.sweeping import forget_demo_sign_ins, remove_mails
from deploy.local.home import Home
from deploy.local.outbox.mailbox import Mailbox


def mail(to: str, text: str) -> bytes:
    message = EmailMessage()
    message["To"], message["Subject"] = to, "Новая запись"
    message.set_content(text, cte="base64")
    return message.as_bytes()


def test_mails_to_the_person_go_and_mails_to_the_family_that_name_them(tmp_path: Path) -> None:
    box = Mailbox(tmp_path)
    box.keep(["anna@example.org"], mail("anna@example.org", "Здравствуйте"))
    box.keep(["olga@example.org"], mail("olga@example.org", "Маша: новая запись"))
    box.keep(["olga@example.org"], mail("olga@example.org", "Петя: новая запись"))
    assert remove_mails(tmp_path, ["ANNA@example.org"], {"olga@example.org": {"Маша"}}) == 2
    (left,) = box.newest(10)
    assert "Петя" in (left.body("plain") or "")


def test_the_demonstration_forgets_who_signs_in(tmp_path: Path) -> None:
    local = Home(tmp_path)
    logins = [{"who": "Мария Орлова, ученица", "login": "masha"}, {"who": "Ольга Ким", "login": "olga"}]
    local.demo.write_text(json.dumps({"logins": logins}, ensure_ascii=False))
    names = {Value("last_name", "record", "Орлова"), Value("first_name", "record", "Мария")}
    forget_demo_sign_ins(local, [needles_of(Known("p", (), frozenset(names), 0))])
    assert [one["login"] for one in json.loads(local.demo.read_text())["logins"]] == ["olga"]
