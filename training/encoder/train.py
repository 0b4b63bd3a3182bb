"""The training run: every batch is one task, the tasks take turns to the end.

In: the examples of each task and how often to read them. Out: the trained network.
It measures nothing; `tidings bench` does.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from training.encoder.corpora import NOWHERE, Example
from training.encoder.network import Network

from tidings.encoder.heads import COLUMNS, TYPES
from tidings.encoder.words import MARKS

RATE, TABLE_RATE, WARM_UP, DROPOUT, PIECES = 2e-4, 1e-3, 0.05, 0.1, 900
SOFT = 0.1
"""Label smoothing of the heads that judge whole sentences: their examples are few and soon known by heart."""
HIDDEN = 0.1
"""The share of word pieces hidden from those heads, for the same reason."""
SPARSE = frozenset({"typed", "swapped", "loose", "table", "relevant"})
TWICE = frozenset({"typed"})
AGREEING = 0.5
"""How much it counts that two readings with other parts dropped agree."""
AVERAGED = 0.3
"""The last part of the run over which the weights are averaged."""
SAVE_EVERY = 240.0
Batch = tuple[str, list[Example]]


def batches(examples: list[Example], chance: random.Random, task: str) -> Iterator[Batch]:
    """Cut the examples into batches of like length, about `PIECES` pieces each."""
    order = sorted(examples, key=lambda item: (len(item.ids) + chance.random() * 4, item.ids))
    batch: list[Example] = []
    for item in order:
        if batch and len(item.ids) * (len(batch) + 1) > PIECES:
            yield task, batch
            batch = []
        batch.append(item)
    if batch:
        yield task, batch


def plan(tasks: list[tuple[str, list[Example], float]], chance: random.Random) -> list[Batch]:
    """Spread the batches of each task evenly over the run; `rounds` may be a fraction."""
    placed: list[tuple[float, int, Batch]] = []
    for number, (task, examples, rounds) in enumerate(tasks):
        cut: list[Batch] = []
        while rounds > 0:
            once = list(batches(examples, chance, task))
            chance.shuffle(once)
            cut += once[: max(1, round(len(once) * min(1.0, rounds)))]
            rounds -= 1
        placed += [((at + chance.random()) / len(cut), number, batch) for at, batch in enumerate(cut)]
    return [batch for _, _, batch in sorted(placed, key=lambda item: item[:2])]


def fingerprint(steps: list[Batch]) -> str:
    """Return what tells a run's batches from those of another run."""
    seen = hashlib.sha256()
    for task, examples in steps:
        seen.update(repr((task, [msgspec.structs.replace(item, states=None) for item in examples])).encode())
    return seen.hexdigest()[:12]


class Collated:
    """A batch as tensors."""

    def __init__(self, examples: list[Example], network: Network, *, brief: bool = True) -> None:
        self.examples = examples
        self.length = max(len(item.ids) for item in examples)
        self.seen = torch.tensor([[i < len(item.ids) for i in range(self.length)] for item in examples])
        self.mask = self.seen[:, None, None, :] if not bool(self.seen.all()) else None
        self.shapes, self.marks = (
            self.rows([getattr(item, name) for item in examples], 0) for name in ("shapes", "marks")
        )
        with torch.autocast("cpu", torch.bfloat16, enabled=brief):
            self.states = self._states(network)

    def rows(self, values: list[list[int]], fill: int) -> Tensor:
        """Return rows of one length, filled up."""
        return torch.tensor([row + [fill] * (self.length - len(row)) for row in values])

    def _states(self, network: Network) -> Tensor:
        if any(item.states is None for item in self.examples):
            states = network.lower(self.rows([item.ids for item in self.examples], 0), self.mask)
            for item, row in zip(self.examples, states.to(torch.bfloat16), strict=True):
                item.states = row[: len(item.ids)].clone()
        states = torch.zeros(len(self.examples), self.length, network.heads.in_features)
        for row, item in zip(states, self.examples, strict=True):
            row[: len(item.ids)] = item.states
        return states


def loss(columns: Tensor, batch: Collated) -> tuple[Tensor, list[Tensor]]:
    """Return the sum of the losses of all labels the batch has, and the scores of its sentences."""
    total = columns.new_zeros(())
    for name in batch.examples[0].tags:
        gold = batch.rows([item.tags.get(name, []) for item in batch.examples], NOWHERE)
        total = total + _tag_loss(columns[..., COLUMNS[name]], gold)
    judged = []
    for scores, allowed in _judgements(columns, batch):
        chances = scores.log_softmax(-1)
        total = total - (1 - SOFT) * torch.logsumexp(chances + allowed, -1).mean() - SOFT * chances.mean()
        judged.append(chances)
    return total, judged


def _judgements(columns: Tensor, batch: Collated) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the scores of each head that judges whole sentences, and zero for the labels each sentence may have."""
    inner = batch.seen.clone()
    inner[:, 0] = False
    first = batch.examples[0]
    for name, chosen in (("quad", inner), ("sense", batch.marks == MARKS.index("place")), ("relevant", inner)):
        golds = [getattr(item, name) for item in batch.examples]
        known = [index for index, gold in enumerate(golds) if gold != NOWHERE]
        if known:
            scores = columns[:, 0, COLUMNS[f"{name}_first"]] + mean(columns[..., COLUMNS[name]], chosen)
            yield scores[known], _only([[golds[index]] for index in known], scores.shape[-1])
    if first.types:
        yield type_scores(columns, batch.marks, inner), _only([item.types for item in batch.examples], len(TYPES))


def _only(labels: list[list[int]], width: int) -> Tensor:
    allowed = torch.full((len(labels), width), -1e4)
    for row, label in zip(allowed, labels, strict=True):
        row[label] = 0
    return allowed


def type_scores(columns: Tensor, marks: Tensor, inner: Tensor) -> Tensor:
    """Return the scores of the types: first piece, all pieces, source, target."""
    return (
        columns[:, 0, COLUMNS["type_first"]]
        + mean(columns[..., COLUMNS["type"]], inner)
        + mean(columns[..., COLUMNS["type_source"]], (marks == 1) | (marks == 3))
        + mean(columns[..., COLUMNS["type_target"]], (marks == 2) | (marks == 3))
    )


def mean(columns: Tensor, chosen: Tensor) -> Tensor:
    """Return the mean over the chosen pieces, zero where none is chosen."""
    weight = chosen.to(columns.dtype)[..., None]
    return (columns * weight).sum(1) / weight.sum(1).clamp(min=1)


def _tag_loss(scores: Tensor, gold: Tensor) -> Tensor:
    if not bool((gold != NOWHERE).any()):
        return scores.new_zeros(())
    return functional.cross_entropy(scores.reshape(-1, scores.shape[-1]), gold.reshape(-1), ignore_index=NOWHERE)


def train(
    network: Network,
    steps: list[Batch],
    *,
    state: Path,
    say: Callable[[str], None],
    brief: bool = True,
    minutes: float | None = None,
) -> None:
    """Train over the batches given, writing down now and then where the run stands.

    A run broken off goes on from its `state`, the file of no other run, and differs from one not broken off by rounding
    alone. With `minutes` a run ends then, its rate of learning having come down to nothing all the same; such a run
    depends on the machine, cannot be repeated to the bit, and writes nothing down.
    """
    tables = [*network.heads.parameters(), *network.shapes.parameters(), *network.marks.parameters()]
    layers = [weight for layer in network.layers for weight in layer.parameters() if weight.requires_grad]
    groups = [{"params": layers, "lr": RATE}, {"params": tables, "lr": TABLE_RATE}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    network.train()
    begun = saved = time.monotonic()
    losses: dict[str, list[float]] = {}
    pieces, average, gone = 0, Average(), 0
    if state.exists() and not minutes:
        gone = restore(state, network, optimizer, average)
        say(f"going on after step {gone} of {len(steps)}")
    for number, (task, examples) in enumerate(steps[gone:], gone + 1):
        done = number / (len(steps) + 1)
        if minutes:
            done = max(done, (time.monotonic() - begun) / (60 * minutes))
        if done >= 1:
            break
        for group, rate in zip(optimizer.param_groups, (RATE, TABLE_RATE), strict=True):
            group["lr"] = rate * min(done / WARM_UP, (1 - done) / (1 - WARM_UP))
        batch = Collated(examples, network, brief=brief)
        cost = _cost(network, batch, task, brief=brief)
        optimizer.zero_grad(set_to_none=True)
        cost.backward()
        torch.nn.utils.clip_grad_norm_([*layers, *tables], 1.0)
        optimizer.step()
        if done > 1 - AVERAGED and number % 4 == 0:
            average.take([*layers, *tables])
        losses.setdefault(task, []).append(float(cost.detach()))
        pieces += batch.shapes.numel()
        if number % 50 == 0 or number == len(steps):
            spent = time.monotonic() - begun
            means = " ".join(f"{name} {np.mean(values[-30:]):.3f}" for name, values in sorted(losses.items()))
            say(f"{number}/{len(steps)} {spent:.0f} s, {pieces / spent:.0f} pieces/s: {means}")
        if time.monotonic() - saved > SAVE_EVERY and not minutes:
            saved = time.monotonic()
            write_down(state, network, optimizer, average, number)
    average.give([*layers, *tables])


def _cost(network: Network, batch: Collated, task: str, *, brief: bool) -> Tensor:
    """Return the loss; types are read twice, and the two readings must agree (R-Drop)."""
    runs = []
    for _ in range(2 if task in TWICE else 1):
        states = batch.states
        if task in SPARSE:
            states = states * (torch.rand(states.shape[:2]) >= HIDDEN)[..., None]
        with torch.autocast("cpu", torch.bfloat16, enabled=brief):
            columns = network.upper(states, batch.shapes, batch.marks, batch.mask, DROPOUT)
        runs.append(loss(columns.float(), batch))
    cost = torch.stack([one for one, _ in runs]).mean()
    if len(runs) == 2:
        for ours, theirs in zip(runs[0][1], runs[1][1], strict=True):
            gap = (ours.exp() - theirs.exp()) * (ours - theirs)
            cost = cost + AGREEING * gap.sum(-1).mean()
    return cost


class Average:
    """The running mean of some weights."""

    def __init__(self) -> None:
        self.means: list[Tensor] = []
        self.count = 0

    def take(self, weights: list[nn.Parameter]) -> None:
        """Take the weights of now into the mean."""
        self.count += 1
        if not self.means:
            self.means = [weight.detach().clone() for weight in weights]
        for mean, weight in zip(self.means, weights, strict=True):
            mean.lerp_(weight.detach(), 1 / self.count)

    def give(self, weights: list[nn.Parameter]) -> None:
        """Put the mean in the place of the weights."""
        with torch.no_grad():
            for weight, mean in zip(weights, self.means, strict=False):
                weight.copy_(mean)


def write_down(path: Path, network: Network, optimizer: torch.optim.Optimizer, average: Average, number: int) -> None:
    """Write down where a run stands after a step: weights, optimizer, mean, and what chance comes next."""
    written = {
        "step": number,
        "network": network.state_dict(),
        "optimizer": optimizer.state_dict(),
        "means": average.means,
        "count": average.count,
        "chance": torch.get_rng_state(),
    }
    part = path.with_suffix(".part")
    torch.save(written, part)
    part.replace(path)


def restore(path: Path, network: Network, optimizer: torch.optim.Optimizer, average: Average) -> int:
    """Put a run where it stood, and return how many steps it had done."""
    written = torch.load(path, weights_only=True)
    network.load_state_dict(written["network"])
    optimizer.load_state_dict(written["optimizer"])
    average.means, average.count = written["means"], written["count"]
    torch.set_rng_state(written["chance"])
    return written["step"]


def seed_all(seed: int) -> random.Random:
    """Seed torch and return the run's own source of chance."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    return random.Random(seed)


def arrays(network: Network) -> dict[str, np.ndarray]:
    """Return the weights as plain arrays."""
    return {name: value.detach().float().numpy() for name, value in network.state_dict().items()}


def keep(network: Network, path: Path) -> None:
    """Write the weights to a file of arrays, whole or not at all."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays(network))
    part.replace(path)
