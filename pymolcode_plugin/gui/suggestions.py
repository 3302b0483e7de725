"""What to try on what is loaded, from a snapshot of the scene and resources/suggestions.yaml; no Qt here."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import yaml

from ..config import paths
from ..core.counting import counted
from ..core.scene import ObjectInfo, SceneSnapshot

_MAX_EXAMPLES = 5
_MAX_NAMED = 3
_MOLECULE = "object:molecule"


class Suggestions(NamedTuple):
    """What the empty panel shows.

    Attributes:
        loaded: What is there, on a line; empty where nothing is.
        examples: Questions that make sense now.
    """

    loaded: str = ""
    examples: tuple[str, ...] = ()


def suggest(scene: SceneSnapshot) -> Suggestions:
    """The questions for this scene."""
    table = _table()
    if not scene.objects:
        return Suggestions("", table["nothing"])
    offered = [tuple(text.format_map(facts) for text in table[situation]) for situation, facts in _situations(scene)]
    turns = itertools.chain.from_iterable(itertools.zip_longest(*offered))
    unique = dict.fromkeys(text for text in turns if text)
    return Suggestions(_loaded(scene), tuple(itertools.islice(unique, _MAX_EXAMPLES)))


def _situations(scene: SceneSnapshot) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Each situation that holds, with the words for its questions."""
    molecules = [item for item in scene.objects if item.type == _MOLECULE]
    for name in (item.name for item in scene.selections if item.n_atoms):
        yield "selection", {"selection": name}
        break
    with_ligand = next((item for item in molecules if item.ligands), None)
    if with_ligand:
        yield "ligand", {"it": with_ligand.name, "ligand": with_ligand.ligands[0].resn}
    polymers = [item for item in molecules if any(chain.kind != "other" for chain in item.chains)]
    if len(polymers) > 1:
        yield "several", {"it": polymers[0].name, "other": polymers[1].name}
    many = next((item for item in molecules if item.n_states > 1), None)
    if many:
        yield "states", {"it": many.name, "n_states": many.n_states}
    density = next((item for item in scene.objects if item.type == "object:map"), None)
    if density:
        yield "map", {"map": density.name}
    if molecules:
        yield from _of_molecule(molecules[0])
    yield "anything", {}


def _of_molecule(item: ObjectInfo) -> Iterator[tuple[str, Mapping[str, object]]]:
    polymers = [chain for chain in item.chains if chain.kind != "other"]
    if item.metals:
        yield "metal", {"it": item.name, "metal": item.metals[0]}
    if len(polymers) > 1 and polymers[0].chain:
        yield "chains", {"it": item.name, "chain": polymers[0].chain}
    if any(chain.kind == "nucleic" for chain in polymers):
        yield "nucleic", {"it": item.name}
    if any(chain.kind == "protein" for chain in polymers):
        yield "protein", {"it": item.name}


def _loaded(scene: SceneSnapshot) -> str:
    named = [_words(item) for item in scene.objects[:_MAX_NAMED]]
    n_more = len(scene.objects) - len(named) + scene.n_unlisted
    return "; ".join((*named, f"{n_more:,} more") if n_more else named)


def _words(item: ObjectInfo) -> str:
    if item.type != _MOLECULE:
        return f"{item.name} (a {item.type.removeprefix('object:')})"
    n_chains = sum(chain.kind != "other" for chain in item.chains)
    ligands = tuple(dict.fromkeys(ligand.resn for ligand in item.ligands))
    parts = (
        counted(n_chains, "chain") if n_chains else counted(item.n_atoms, "atom"),
        f"ligand {', '.join(ligands[:_MAX_NAMED])}" if ligands else "",
        f"{item.n_states:,} states" if item.n_states > 1 else "",
    )
    return f"{item.name} ({', '.join(filter(None, parts))})"


@functools.cache
def _table() -> Mapping[str, tuple[str, ...]]:
    read = yaml.safe_load(paths.resource("suggestions.yaml").read_text(encoding="utf-8"))
    return {situation: tuple(texts) for situation, texts in read.items()}
