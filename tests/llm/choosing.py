"""What tests of the choice share: settings in real files, and a real store."""

from pydantic import SecretStr

from pymolcode_plugin.auth.credentials import Credential
from pymolcode_plugin.auth.store import TokenStore
from pymolcode_plugin.config import paths
from pymolcode_plugin.config.settings import load
from pymolcode_plugin.llm.choice import choose
from pymolcode_plugin.llm.discover import LocalServer

OLLAMA = LocalServer(provider="ollama", name="Ollama", base_url="http://127.0.0.1:11434/v1", models=("qwen3", "llama"))


def no_server():
    return ()


LOCKED = {"PYMOLCODE_THIS_MACHINE_ONLY": "1"}


CLOUD = LocalServer(provider="ollama", name="Ollama", base_url="http://127.0.0.1:11434/v1", models=("big:120b-cloud",))


def kept(*entries):
    """A store with these entries, the last of which was chosen last."""
    store = TokenStore()
    for entry in entries:
        store.put(entry)
        store.choose(entry.provider_id, str(entry.metadata.get("model", "")))
    return store


def credential(provider_id, token="canary-stored", **metadata):
    kind = "Bearer" if metadata.get("method") in ("browser", "device") else "api_key"
    return Credential(provider_id=provider_id, access_token=SecretStr(token), token_type=kind, metadata=metadata)


def configured(text, name="config.yaml"):
    path = paths.user_folder() / name
    path.write_text(text)
    path.chmod(0o600)


def pick(environment=None, *, store=None, servers=no_server, session_model=""):
    return choose(load(environment or {}), servers, store=store, session_model=session_model)
