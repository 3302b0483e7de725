"""The compact profile, for models of one or two billion parameters on a processor.

A request that is understood to the last word is done at once, without the model. Everything else goes to the model,
which writes steps of a terse language under a grammar, after a fixed prefix of recipes that stays in the server's
cache. Code compiles the steps, resolves every target before anything runs, and asks the model once to mend what
matches nothing. Answers are made of what PyMOL gave.
"""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from ...core.attachments import Picture
from ...core.errors import SceneError, ToolFailed
from ...core.events import TextDelta, Usage
from ...core.mentions import place_of, without_marks
from ...core.ports import CompletionPort, ScenePort
from ...core.scene import SceneSnapshot
from ...core.tool import ToolResult
from ..profile import CallTool, Emit, Profile
from .answers import answer, described, sentences, words_only
from .calls import Scope, compile_step, spoken_of, with_nearest_pair
from .clauses import Unsure, union
from .getting import Getting, read_getting
from .grammar import grammar
from .language import AnyStep, Cannot, Extract, Measure, Rename, Select, Switch, Tell, parse_steps
from .reader import read_most, read_parts, read_steps
from .recipes import as_text, recipes, similar
from .slots import SceneNames, Tag, read
from .targets import Target

_HEADER = "# Requests to a molecular viewer, and the steps that do them.\n"
_MAX_TOKENS = 90
_MAX_SPOKEN_OF = 4


@dataclass(frozen=True)
class _Plan:
    """Steps of a request, before it is known whether they can be done."""

    steps: list[AnyStep]
    left_out: list[str] = field(default_factory=list)
    by_model: bool = False
    usage: Usage = field(default_factory=Usage)


class CompactProfile:
    """Implements `agent.profile.Profile`.

    Args:
        completion: The local model.
        scene: To read names and resolve targets; changes go through `call_tool` only.
        call_tool: The door.
    """

    def __init__(self, completion: CompletionPort, scene: ScenePort, call_tool: CallTool) -> None:
        self._completion = completion
        self._scene = scene
        self._call_tool = call_tool
        self._it: tuple[Target, ...] = ()
        self._before: list[AnyStep] = []
        self._said_before = ""
        self._call_ids = itertools.count(1)
        self.prefix = _HEADER + as_text(recipes())
        self.n_model_requests = 0

    def forget(self) -> None:
        """Begin a new chat: "it" means nothing any more."""
        self._it = ()
        self._before = []
        self._said_before = ""

    @property
    def sees(self) -> bool:
        """See Profile."""
        return False

    @property
    def steers(self) -> bool:
        """See Profile: its steps are planned before the first of them runs."""
        return False

    @property
    def remembers(self) -> bool:
        """See Profile."""
        return bool(self._said_before)

    def take_over(self, old: Profile) -> bool:
        """See Profile: what this model is reminded of are its own steps."""
        return not old.remembers

    def remembered(self) -> Callable[[], bytes]:
        """See Profile."""
        values = {
            "profile": "compact",
            "said_before": self._said_before,
            "steps": _text(self._before),
            "it": [target.model_dump() for target in self._it],
        }
        return lambda: json.dumps(values, ensure_ascii=False).encode()

    def remind(self, data: bytes) -> bool:
        """See Profile."""
        try:
            values = json.loads(data)
            if values["profile"] != "compact":
                return False
            it = tuple(Target.model_validate(item) for item in values["it"])
            before, said = parse_steps(values["steps"]), str(values["said_before"])
        except (ValueError, KeyError, TypeError, AttributeError):
            return False
        self._it, self._before, self._said_before = it, before, said
        return True

    async def compact(self, emit: Emit) -> str:  # noqa: ARG002  # nothing goes on
        """See Profile."""
        return "There is nothing to make shorter: this model is reminded of the last request only."

    async def run(self, turn_id: str, prompt: str, emit: Emit, images: tuple[Picture, ...] = ()) -> Usage:  # noqa: ARG002  # unseen
        """See Profile."""
        request = without_marks(_last_line(prompt))
        scene = await self._scene.snapshot()
        getting = read_getting(request, scene.object_names())
        if getting is not None:
            text, ok = await self._got(getting)
            emit(TextDelta(turn_id=turn_id, text=text))
            if not (ok and getting.rest):
                return Usage()
            request, scene = getting.rest, await self._scene.snapshot()
        names = SceneNames.of(scene)
        scope = Scope(scene, it=_attached(prompt) or self._it)
        plan = await self._plan(request, names)
        usage = plan.usage
        steps, problems = await self._possible(plan.steps, scope, mend=plan.by_model)
        if problems and plan.by_model:
            repair = f"{_text(plan.steps)}\n# {problems[0]}\nA:"
            mended, more = await self._asked(request, names, repair)
            usage = _sum(usage, more)
            better, still = await self._possible(mended, scope, mend=True)
            if not still:
                steps, problems = better, []
        if plan.left_out and steps:
            emit(TextDelta(turn_id=turn_id, text=_left_out(plan.left_out)))
        for step in steps:
            emit(TextDelta(turn_id=turn_id, text=await self._done(step, scope) + "\n\n"))
        if problems:
            emit(TextDelta(turn_id=turn_id, text="\n\n".join(dict.fromkeys(problems))))
        self._it = (
            tuple(dict.fromkeys(thing for step in steps for thing in spoken_of(step)))[-_MAX_SPOKEN_OF:] or self._it
        )
        self._before = steps
        self._said_before = f"Q: {request}\nA: {_text(steps)}\n"
        return usage

    async def _got(self, getting: Getting) -> tuple[str, bool]:
        """Bring in what was asked for, one after the other; what came, and whether all of it did."""
        texts: list[str] = []
        for call in getting.calls:
            result = await self._call_tool(f"step{next(self._call_ids)}", call.tool, call.arguments)
            texts.append(result.text if result.ok else f"**That did not work:** {result.error}")
            if not result.ok:
                return "\n\n".join(texts) + "\n\n", False
        return "\n\n".join(texts) + "\n\n", True

    async def _plan(self, request: str, names: SceneNames) -> _Plan:
        """At once where everything is understood, without an odd word, clause by clause, or all by the model."""
        known = read_steps(request, names, self._before)
        if known is not None:
            return _Plan(known)
        most = read_most(request, names)
        if most is not None:
            return _Plan(most[0], left_out=most[1])
        steps: list[AnyStep] = []
        usage = Usage()
        for part in read_parts(request, names, self._before) or [request]:
            if isinstance(part, str):
                found, more = await self._asked(part, names, "")
                steps, usage = steps + found, _sum(usage, more)
            else:
                steps.append(part)
        return _Plan(steps, by_model=True, usage=usage)

    async def _asked(self, request: str, names: SceneNames, repair: str) -> tuple[list[AnyStep], Usage]:
        """Let the model write the steps; what does not parse counts as not understood."""
        tags = read(request, names)
        objects = f"# objects: {', '.join(names.objects)}\n" if len(names.objects) > 1 else ""
        before = self._said_before if _refers_back(tags) else ""
        examples = "" if before else as_text(similar(request))
        prompt = f"{self.prefix}{objects}{examples}{before}Q: {request}\nA: {repair}"
        self.n_model_requests += 1
        found = await self._completion.complete(
            prompt.rstrip(" "), grammar=f"{_spaced(grammar(request, tags, names))}", max_tokens=_MAX_TOKENS
        )
        usage = Usage(n_input_tokens=found.n_prompt, n_cached_tokens=found.n_cached, n_output_tokens=found.n_generated)
        try:
            return _gathered([_with_said(step, tags) for step in parse_steps(found.text)]), usage
        except ValueError:
            return [Cannot(topic="unsure")], usage

    async def _possible(self, steps: list[AnyStep], scope: Scope, *, mend: bool) -> tuple[list[AnyStep], list[str]]:
        """The steps whose every target matches something, and why the others do not; nothing has run yet."""
        trial = Scope(scope.scene, it=scope.it)
        made = {step.name for step in steps if isinstance(step, (Extract, Rename, Select))}
        possible: list[AnyStep] = []
        problems: list[str] = []
        for written in steps:
            named = trial.named(written)
            for found in named:
                step = await self._mended(found, trial) if mend else found
                problem = await self._problem(step, trial, made)
                if problem:
                    problems.append(problem)
                else:
                    possible.append(step)
            trial.mention(named)
        return possible, problems

    async def _mended(self, step: AnyStep, scope: Scope) -> AnyStep:
        """What a small model says too much of: "the ligand residue 25", "the ligand near the ligand"."""
        if isinstance(step, Measure) and len(set(step.targets)) == 1:
            return step.model_copy(update={"targets": step.targets[:1]})  # its copies in the chains are meant
        targets = [await self._narrowed_less(target, scope, isinstance(step, Tell)) for target in step.targets]
        return step.model_copy(update={"targets": tuple(targets)})

    async def _narrowed_less(self, target: Target, scope: Scope, is_question: bool) -> Target:
        """The target without a word or residue name that contradicts the rest of it."""
        word = "protein" if is_question and target.near else ""
        if target.near is not None and target.word == target.near.word:
            return target.model_copy(update={"word": word})
        if await self._n_atoms(scope.select(target), set()):
            return target
        for update in ({"word": word}, {"resn": ""}, {"word": word, "resn": ""}):
            less = target.model_copy(update=update)
            is_narrow = less != target and less.model_copy(update={"word": ""}) != Target()
            if is_narrow and await self._n_atoms(scope.select(less), set()):
                return less
        return target

    async def _problem(self, step: AnyStep, scope: Scope, made: set[str]) -> str:
        if isinstance(step, (Switch, Rename)) and step.name not in _all_names(scope.scene) | made:
            return f"There is no object `{step.name}`. {_there_is(scope.scene)}"
        for target in step.targets:
            if not scope.scene.n_atoms or not await self._n_atoms(scope.select(target), made):
                return _reason(described(target), scope.scene)
        return ""

    async def _n_atoms(self, selection: str, made: set[str]) -> int:
        try:
            return (await self._scene.summarise(selection)).n_atoms
        except SceneError:
            return 1 if any(name in selection for name in made) else 0

    async def _done(self, step: AnyStep, scope: Scope) -> str:
        said = words_only(step)
        if said:
            return said
        if not scope.scene.objects and not isinstance(step, Cannot):
            return str(sentences()["nothing_loaded"])
        try:
            calls = compile_step(step, scope)
        except ToolFailed as error:
            return error.message
        results: list[ToolResult] = []
        for planned in calls:
            call = with_nearest_pair(planned, results[-1].text) if results else planned
            results.append(await self._call_tool(f"step{next(self._call_ids)}", call.tool, call.arguments))
            if not results[-1].ok:
                break
        scope.mention([step])
        return answer(step, results)


def _with_said(step: AnyStep, tags: list[Tag]) -> AnyStep:
    """Where the request names one chain, or one object, and the step none, it is the one that was meant."""
    for key in ("chain", "object"):
        said = {tag.value for tag in tags if tag.kind == key}
        if len(said) == 1 and step.targets and not any(getattr(target, key) for target in step.targets):
            value = said.pop()
            step = step.model_copy(update={"targets": tuple(t.model_copy(update={key: value}) for t in step.targets)})
    return step


def _gathered(steps: list[AnyStep]) -> list[AnyStep]:
    """Each step once, and one selection where a small model makes the same name again for each part of it."""
    selects: dict[str, list[Select]] = {}
    for step in steps:
        if isinstance(step, Select):
            selects.setdefault(step.name, []).append(step)
    gathered: list[AnyStep] = []
    for step in steps:
        if isinstance(step, Select):
            same = selects[step.name]
            with contextlib.suppress(Unsure):  # they cannot be one selection: the last one stands
                step = step.model_copy(update={"targets": (union([item.target for item in same]),)})
        gathered.append(step)
    return list(dict.fromkeys(gathered))


def _left_out(unknown: list[str]) -> str:
    listed = " and ".join(f"“{word}”" for word in dict.fromkeys(unknown))
    return f"{sentences()['left_out'].format(words=listed)}\n\n"


def _spaced(rules: str) -> str:
    """The prompt ends at "A:", because a space of its own would be another token than the model's."""
    return rules.replace("root ::= ", 'root ::= " "? ', 1)


def _last_line(prompt: str) -> str:
    """What the user wrote, without the notes in brackets before it."""
    lines = prompt.splitlines()
    while len(lines) > 1 and lines[0].startswith("["):
        lines.pop(0)
    return " ".join(line.strip() for line in lines if line.strip())


def _attached(prompt: str) -> tuple[Target, ...]:
    """The attached selections are what "it" and "this" mean."""
    start = "[Attached selection `"
    lines = [line.removeprefix(start) for line in prompt.splitlines() if line.startswith(start)]
    names = [line.rpartition("`: ")[0] for line in lines]  # a residue's own name has the same mark in it
    return tuple(map(_attached_target, names))


def _attached_target(name: str) -> Target:
    place = place_of(name)
    if place is None:
        return Target(selection=name)
    return Target(object=place[0], chain=place[1], resi=place[2])


def _refers_back(tags: list[Tag]) -> bool:
    return any((tag.kind == "word" and tag.value == "it") or tag.kind in ("same", "instead") for tag in tags)


def _text(steps: list[AnyStep]) -> str:
    return "; ".join(step.text for step in steps)


def _all_names(scene: SceneSnapshot) -> set[str]:
    return {*scene.object_names(), *(item.name for item in scene.selections)}


def _reason(what: str, scene: SceneSnapshot) -> str:
    if not scene.n_atoms:
        return str(sentences()["nothing_loaded"])
    return f"Nothing matches {what}. {_there_is(scene)}"


def _there_is(scene: SceneSnapshot) -> str:
    names = SceneNames.of(scene)
    parts = [f"objects {', '.join(names.objects)}"]
    if names.chains:
        parts.append(f"chains {', '.join(names.chains)}")
    if names.ligands:
        parts.append(f"ligands {', '.join(names.ligands)}")
    return f"There are {'; '.join(parts)}."


def _sum(one: Usage, other: Usage) -> Usage:
    return Usage(
        n_input_tokens=one.n_input_tokens + other.n_input_tokens,
        n_cached_tokens=one.n_cached_tokens + other.n_cached_tokens,
        n_output_tokens=one.n_output_tokens + other.n_output_tokens,
    )
