"""The page of the outbox and its JSON for tests."""

from flask import Flask, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from deploy.local.outbox.mailbox import Mail, Mailbox
from deploy.local.outbox.texts import TEXTS

SHOWN = 200


def create_app(mailbox: Mailbox) -> Flask:
    """Pages and JSON over one mailbox."""
    app = Flask(__name__)
    app.get("/livez")(lambda: "ok")

    @app.get("/")
    def messages() -> ResponseReturnValue:
        return _page("messages.html", mails=mailbox.newest(SHOWN, request.args.get("to")))

    @app.get("/messages/<id>")
    def message(id: str) -> ResponseReturnValue:
        mail = mailbox.find(id)
        if mail is None:
            return _page("missing.html"), 404
        return _page("message.html", mail=mail, plain=mail.body("plain"), html=mail.body("html"))

    @app.get("/messages/<id>/html")
    def html(id: str) -> ResponseReturnValue:
        answer = Response(_existing(mailbox, id).body("html") or "", mimetype="text/html")
        answer.headers["Content-Security-Policy"] = "sandbox allow-popups; default-src 'none'; img-src data:; " + (
            "style-src 'unsafe-inline'"
        )
        return answer

    @app.get("/messages/<id>/raw")
    def raw(id: str) -> ResponseReturnValue:
        disposition = {"Content-Disposition": f"attachment; filename={id}.eml"}
        return Response(_existing(mailbox, id).raw, mimetype="message/rfc822", headers=disposition)

    @app.get("/api/messages")
    def as_json() -> ResponseReturnValue:
        return jsonify([_as_json(mail) for mail in mailbox.newest(SHOWN, request.args.get("to"))])

    return app


def _existing(mailbox: Mailbox, id: str) -> Mail:
    return mailbox.find(id) or abort(404)


def _as_json(mail: Mail) -> dict[str, str]:
    text = mail.body("plain") or ""
    return {"id": mail.id, "to": mail.to, "subject": mail.subject, "at": mail.at, "text": text}


def _page(template: str, **values: object) -> str:
    asked = request.args.get("lang") or request.accept_languages.best_match(list(TEXTS))
    lang = asked if asked in TEXTS else "ru"
    return render_template(template, lang=lang, other="en" if lang == "ru" else "ru", t=TEXTS[lang], **values)
