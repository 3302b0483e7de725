"""Client ids that users bring: where they come from, and what is said where there is none."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from pymolcode_plugin.auth.credentials import OAuthClient
from pymolcode_plugin.auth.own_clients import need_client, own_clients
from pymolcode_plugin.auth.providers import OAuth, Provider
from pymolcode_plugin.core.errors import ConfigError, SignInFailed

pytestmark = pytest.mark.conformance

OAUTH = OAuth(
    client_id_env=("ACME_CLIENT_ID",),
    client_secret_env=("ACME_CLIENT_SECRET",),
    bring_client="Register an app at https://acme.example/apps.",
)
ACME = Provider(id="ac-me", title="Acme", api="chat", oauth=OAUTH, aliases=("am",))


def found(auth, environment):
    return own_clients(auth, environment, [ACME]).get("ac-me", OAuthClient())


def test_the_configuration_names_a_client_and_its_addresses():
    client = found(
        {
            "ac-me": {
                "client_id": SecretStr(" mine "),
                "client_secret": SecretStr("canary-secret-1"),
                "issuer": SecretStr("https://issuer.example"),
                "scopes": ("a", "b"),
            }
        },
        {},
    )
    assert (client.client_id, client.issuer, client.scopes) == ("mine", "https://issuer.example", ("a", "b"))
    assert client.client_secret.get_secret_value() == "canary-secret-1"
    assert "canary" not in repr(client)


def test_scopes_may_be_one_text():
    assert found({"ac-me": {"scopes": SecretStr("a b")}}, {}).scopes == ("a", "b")


def test_an_alias_is_the_provider():
    assert found({"am": {"client_id": SecretStr("mine")}}, {}).client_id == "mine"


def test_our_variable_goes_before_the_configuration_and_that_before_the_providers_own():
    ours, own = {"PYMOLCODE_AC_ME_CLIENT_ID": "ours"}, {"ACME_CLIENT_ID": "own"}
    configured = {"ac-me": {"client_id": SecretStr("configured")}}
    assert found(configured, ours | own).client_id == "ours"
    assert found(configured, own).client_id == "configured"
    assert found({}, own).client_id == "own"
    assert found({}, {"ACME_CLIENT_ID": " "}).client_id == ""


@pytest.mark.parametrize(
    ("configured", "environment", "secret"),
    [
        ({"client_id": "c"}, {"PYMOLCODE_AC_ME_CLIENT_SECRET": "ours"}, "ours"),
        ({"client_id": "c", "client_secret": "s"}, {"ACME_CLIENT_SECRET": "own"}, "s"),
        ({"client_id": "c"}, {"ACME_CLIENT_SECRET": "own"}, None),
        ({"client_secret": "s"}, {"PYMOLCODE_AC_ME_CLIENT_ID": "ours"}, None),
        ({}, {"ACME_CLIENT_ID": "own", "ACME_CLIENT_SECRET": "own"}, "own"),
        ({"client_secret": "s"}, {}, None),
    ],
)
def test_a_secret_goes_with_an_id_of_its_own_layer_or_below(configured, environment, secret):
    client = found({"ac-me": {name: SecretStr(text) for name, text in configured.items()}}, environment)
    assert (client.client_secret.get_secret_value() if client.client_secret else None) == secret


@pytest.mark.parametrize(
    ("auth", "why"),
    [
        ({"nobody": {"client_id": SecretStr("canary")}}, "no provider: nobody"),
        ({"ac-me": {"client_identity": SecretStr("canary")}}, "no client has: client_identity"),
        ({"ac-me": {"client_id": ("canary",)}}, "does not fit"),
    ],
)
def test_what_makes_no_sense_is_said_without_its_value(auth, why):
    with pytest.raises(ConfigError, match=why) as failure:
        found(auth, {})
    assert "canary" not in failure.value.message
    assert failure.value.__suppress_context__ or failure.value.__cause__ is None


def test_without_a_client_it_says_what_to_set_and_that_a_key_works():
    with pytest.raises(SignInFailed) as failure:
        need_client(ACME, OAUTH, None)
    said = failure.value.message
    for part in (
        "https://acme.example/apps",
        "`auth: {ac-me: {client_id: …}}`",
        "PYMOLCODE_AC_ME_CLIENT_ID",
        "pymolcode-auth login ac-me --api-key -",
    ):
        assert part in said


def test_ours_is_used_where_there_is_one_and_the_users_goes_before():
    registered = OAUTH.model_copy(update={"client_id": "registered"})
    assert need_client(ACME, registered, None).client_id == "registered"
    assert need_client(ACME, registered, OAuthClient(client_id="mine")).client_id == "mine"
    assert need_client(ACME, registered, OAuthClient(scopes=("a",))).client_id == "registered"


@pytest.mark.parametrize("kind", ["openrouter", "chatgpt"])
def test_some_need_none(kind):
    assert need_client(ACME, OAuth(kind=kind), None).client_id == ""
