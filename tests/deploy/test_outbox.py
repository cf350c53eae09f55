"""The outbox takes mail by SMTP and shows it."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from deploy.local.outbox.mailbox import Mailbox
from deploy.local.outbox.smtp import listen
from deploy.local.outbox.web import create_app
from deploy.local.ports import HOST
from deploy.local.servers import free_ports


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[tuple[int, FlaskClient]]:
    mailbox = Mailbox(tmp_path)
    (port,) = free_ports(1)
    smtp = listen(mailbox, HOST, port)
    yield port, create_app(mailbox).test_client()
    smtp.stop()


def send(port: int, to: str, subject: str, text: str, html: str | None = None) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "diary@school.example", to, subject
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    with smtplib.SMTP(HOST, port) as smtp:
        smtp.send_message(message)


def test_a_sent_mail_is_listed_with_its_text(outbox: tuple[int, FlaskClient]) -> None:
    port, page = outbox
    send(port, "anna@example.org", "Код подтверждения", "Ваш код: 123456")
    (mail,) = page.get("/api/messages").get_json()
    assert (mail["to"], mail["subject"]) == ("anna@example.org", "Код подтверждения")
    assert mail["text"].strip() == "Ваш код: 123456"


def test_the_newest_mail_comes_first_and_one_address_can_be_asked_for(outbox: tuple[int, FlaskClient]) -> None:
    port, page = outbox
    for number, to in enumerate(["a@example.org", "b@example.org", "a@example.org"]):
        send(port, to, f"mail {number}", "text")
    assert [mail["subject"] for mail in page.get("/api/messages").get_json()] == ["mail 2", "mail 1", "mail 0"]
    mine = page.get("/api/messages?to=a@example.org").get_json()
    assert [mail["subject"] for mail in mine] == ["mail 2", "mail 0"]


def test_both_parts_and_the_raw_mail_can_be_seen(outbox: tuple[int, FlaskClient]) -> None:
    port, page = outbox
    send(port, "anna@example.org", "Hello", "plain words", "<p>formatted <b>words</b></p>")
    (mail,) = page.get("/api/messages").get_json()
    assert "plain words" in page.get(f"/messages/{mail['id']}").text
    html = page.get(f"/messages/{mail['id']}/html")
    assert "formatted <b>words</b>" in html.text
    assert html.headers["Content-Security-Policy"].startswith("sandbox")
    assert "To: anna@example.org" in page.get(f"/messages/{mail['id']}/raw").text


def test_the_page_speaks_both_languages(outbox: tuple[int, FlaskClient]) -> None:
    _port, page = outbox
    assert "Писем пока нет" in page.get("/").text
    assert "No messages yet" in page.get("/?lang=en").text
    assert "No messages yet" in page.get("/", headers={"Accept-Language": "en-GB"}).text


@pytest.mark.parametrize("id", ["1-ab", "..%2f..%2fetc%2fpasswd", "x"])
def test_a_mail_that_does_not_exist_is_not_found(outbox: tuple[int, FlaskClient], id: str) -> None:
    assert outbox[1].get(f"/messages/{id}").status_code == 404
