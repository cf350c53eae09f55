"""Registration, confirmation, another code."""

from __future__ import annotations

from typing import Any

from flask import Response

from services.gateway.api.accounts.schemas import AccountSchema, CodeSchema
from services.gateway.api.answers import described
from services.gateway.api.body import idempotency_key
from services.gateway.api.http import ROOT, Blueprint, committed
from services.gateway.web import client, parts

blueprint = Blueprint("api_accounts", __name__, url_prefix=f"{ROOT}/accounts", description="Portal accounts")


@blueprint.post("")
@blueprint.arguments(AccountSchema)
@blueprint.doc(responses=described("Committed", "201"))
def register(body: dict[str, Any]) -> Response:
    """Opens an unconfirmed account and has a code sent; a known address gets the same answer."""
    done = parts().identity.register(body, client(), idempotency_key())
    return committed(done, 201, account=done.body["account"])


@blueprint.post("/<account>/confirmation")
@blueprint.arguments(CodeSchema)
@blueprint.doc(responses=described("Committed"))
def confirm(body: dict[str, Any], account: str) -> Response:
    """The address belongs to the account from now on."""
    return committed(parts().identity.confirm(account, body["code"]), account=account)


@blueprint.post("/<account>/code")
@blueprint.doc(responses=described("Committed"))
def resend(account: str) -> Response:
    """Another code; the one before stops working."""
    return committed(parts().identity.resend(account), account=account)
