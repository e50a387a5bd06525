"""Legal staff set up a passkey, come in with it, and sign a decision with it."""

from typing import Any

import pytest

from accounts.proofs import Method, Passkey
from reviews.models import Signature
from tests.boardrooms import decided, in_review
from tests.dossiers import a_version
from tests.journeys.cast import PASSWORD, a_lab
from tests.journeys.conftest import Visit
from tests.journeys.place import Place
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey
LAPTOP = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


class Laptop:
    """The browser's virtual authenticator. It ends whenever a page is judged, so what it holds is carried along."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.holds: list[dict[str, Any]] = []

    def answers(self, name: str) -> None:
        """Press a button that asks the device, which says yes."""
        device = self.visitor.context.new_cdp_session(self.visitor.page)
        device.send("WebAuthn.enable")
        made = device.send("WebAuthn.addVirtualAuthenticator", {"options": LAPTOP})
        for held in self.holds:
            device.send("WebAuthn.addCredential", made | {"credential": held})
        answer = self.visitor.answer_to(self.visitor.button(name), lambda button: button.click())
        assert answer.ok, self.visitor.page.locator("main").inner_text()
        self.holds = device.send("WebAuthn.getCredentials", made)["credentials"]
        self.visitor.looks()


def test_a_decision_is_signed_with_a_passkey(place: Place, visit: Visit) -> None:
    house = a_lab("passkey")
    decision = decided(house, in_review(house, ("ethics",), version=a_version(house.ravi)))
    lex: Visitor = visit(house.lex)
    laptop = Laptop(lex)

    lex.signs_in(PASSWORD)
    lex.goes("/accounts/2fa/webauthn/add/")
    lex.writes(password=PASSWORD)
    lex.presses("Continue")
    lex.writes(name="Lex’s laptop")
    laptop.answers("Set up the passkey")
    passkey = Passkey.objects.get(person=house.lex)
    assert (passkey.name, passkey.rp_id, passkey.user_verified) == ("Lex’s laptop", "localhost", True)

    lex.goes("/accounts/logout/")
    lex.presses("Sign out")
    laptop.answers("Sign in with a passkey")
    assert lex.page.url == f"{lex.url}/"

    lex.goes(f"/requests/{decision.request.reference}/sign/")
    lex.button("Sign the approval with your passkey").click()
    assert not Signature.objects.filter(decision=decision).exists(), (
        "the box that one has read it comes first"
    )
    lex.writes(read=True)
    laptop.answers("Sign the approval with your passkey")
    signature = Signature.objects.get(decision=decision)
    assert (signature.signer, signature.method) == (house.lex, Method.PASSKEY)
    assert signature.confirmation.passkey == passkey
