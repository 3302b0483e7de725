"""What is known of a provider's model: what it can do, what it costs, how much it can hold."""

from __future__ import annotations

from .scene import Frozen


class Capabilities(Frozen):
    """What a model can do; None where that is not known."""

    tools: bool | None = None
    images: bool | None = None
    thinking: bool | None = None
    json_schema: bool | None = None


class Price(Frozen):
    """In US dollars for a million tokens, from the list that genai-prices ships; zero on this machine."""

    input_usd: float
    output_usd: float
    cached_usd: float | None = None


class ModelInfo(Frozen):
    """A model that can be chosen.

    Attributes:
        provider: Id of the provider.
        id: As the provider knows it.
        title: For people; empty where the provider gives none.
        context_window: Tokens that a request can hold, where that is known.
        n_created: When the provider made it, in seconds since 1970, where it says so; newer ones are listed first.
    """

    provider: str
    id: str
    title: str = ""
    capabilities: Capabilities = Capabilities()
    price: Price | None = None
    context_window: int | None = None
    n_created: int = 0

    @property
    def name(self) -> str:
        """`PROVIDER:MODEL`, as settings and commands write it."""
        return f"{self.provider}:{self.id}"
