"""Bearer tokens, one's own password, who one is."""

from __future__ import annotations

from typing import Any

from flask import Response

from services.eventsourcing.web import answer
from services.gateway.access.rules import children
from services.gateway.api.answers import described
from services.gateway.api.body import idempotency_key
from services.gateway.api.http import ROOT, Blueprint
from services.gateway.api.sessions.schemas import PasswordSchema, SignInSchema
from services.gateway.sessions.http import end_session
from services.gateway.sessions.sessions_store import ABSOLUTE, IDLE
from services.gateway.web import anybody, caller, client, parts

blueprint = Blueprint("api_sessions", __name__, url_prefix=ROOT, description="Sessions and the own account")


@blueprint.post("/sessions")
@blueprint.arguments(SignInSchema)
def sign_in(body: dict[str, Any]) -> Response:
    """A new session: send its token as `Authorization: Bearer <token>`."""
    entered = parts().identity.sign_in(body["login"], body["password"], body["door"], client())
    must_change = bool(entered["must_change"])
    return _opened(body["door"], str(entered["account"]), must_change)


@blueprint.delete("/sessions/current")
def sign_out() -> Response:
    """The token is worth nothing from now on."""
    anybody()
    end_session()
    return Response(status=204)


@blueprint.put("/me/password")
@blueprint.arguments(PasswordSchema)
@blueprint.doc(responses=described("Committed"))
def change_password(body: dict[str, Any]) -> Response:
    """Every session of the account ends; the answer holds the token of a new one."""
    found = anybody()
    parts().identity.change_password(caller(), body["old"], body["new"], idempotency_key())
    parts().sessions.end_all(found.account, before=parts().clock())
    return _opened("staff" if found.kind == "staff" else "portal", found.account, False, 200)


@blueprint.get("/me")
def me() -> Response:
    """The account behind the token."""
    found = anybody()
    portal = found.access.get("portal", {})
    facts = {name: portal.get(name) for name in ("login", "email")} if found.kind == "family" else {}
    return answer(
        {
            "kind": found.kind,
            "account": found.account,
            "name": found.name,
            "must_change": found.must_change,
            "diaries": list(children(found)),
            "roles": found.access.get("person", {}).get("roles", []),
            **facts,
        }
    )


def _opened(door: str, account: str, must_change: bool, status: int = 201) -> Response:
    kind = "staff" if door == "staff" else "portal"
    token = parts().sessions.open(kind, account, must_change=must_change)  # type: ignore[arg-type]
    seconds = {name: int(limits[kind].total_seconds()) for name, limits in (("idle", IDLE), ("absolute", ABSOLUTE))}
    return answer({"token": token, "account": account, "must_change": must_change, "seconds": seconds}, status)
