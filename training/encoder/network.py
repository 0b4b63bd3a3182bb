"""The encoder in torch: MiniLM-L6 with two extra inputs and linear heads.

In: the published weights. Out: a module to train, and its weights as plain arrays.

The embedding table and the two lowest layers stay as published, so their output is computed once a sentence and kept;
shapes and marks are added above them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from safetensors.numpy import load_file
from torch import Tensor, nn
from torch.nn import functional

from tidings.encoder.heads import WIDTH
from tidings.encoder.words import MARKS, SHAPES

SIZE, INNER, HEADS, LAYERS, FROZEN, EPSILON = 384, 1536, 12, 6, 2, 1e-12


class Layer(nn.Module):
    """One layer of the transformer."""

    def __init__(self) -> None:
        super().__init__()
        self.attend = nn.Linear(SIZE, 3 * SIZE)
        self.out = nn.Linear(SIZE, SIZE)
        self.norm = nn.LayerNorm(SIZE, eps=EPSILON)
        self.up = nn.Linear(SIZE, INNER)
        self.down = nn.Linear(INNER, SIZE)
        self.norm_up = nn.LayerNorm(SIZE, eps=EPSILON)

    def forward(self, states: Tensor, mask: Tensor | None, dropout: float) -> Tensor:
        """Attend and transform; `mask` is True where a piece may be seen."""
        batch, length, _ = states.shape
        query, key, value = (
            part.view(batch, length, HEADS, SIZE // HEADS).transpose(1, 2) for part in self.attend(states).chunk(3, -1)
        )
        seen = _attend(query, key, value, mask)
        seen = self.out(seen.transpose(1, 2).reshape(batch, length, SIZE))
        states = self.norm(states + functional.dropout(seen, dropout, self.training))
        inner = self.down(functional.gelu(self.up(states)))
        return self.norm_up(states + functional.dropout(inner, dropout, self.training))


def _attend(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    """Attend in plain steps: on processors and on short passages thrice as fast as torch's own, backwards above all."""
    scores = query @ key.transpose(-1, -2) * (SIZE // HEADS) ** -0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -1e4)
    return scores.softmax(-1).to(value.dtype) @ value


class Network(nn.Module):
    """The whole encoder."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(30522, SIZE)
        self.places = nn.Embedding(512, SIZE)
        self.norm = nn.LayerNorm(SIZE, eps=EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.shapes = nn.Embedding(len(SHAPES), SIZE)
        self.marks = nn.Embedding(len(MARKS), SIZE)
        self.heads = nn.Linear(SIZE, WIDTH)
        begun = torch.Generator().manual_seed(0)
        nn.init.zeros_(self.shapes.weight)
        nn.init.normal_(self.marks.weight, std=0.02, generator=begun)
        nn.init.normal_(self.heads.weight, std=0.02, generator=begun)
        nn.init.zeros_(self.heads.bias)
        with torch.no_grad():
            self.marks.weight[0] = 0

    def lower(self, ids: Tensor, mask: Tensor | None) -> Tensor:
        """Return the states above the frozen layers."""
        with torch.no_grad():
            states = self.norm(self.words(ids) + self.places.weight[: ids.shape[1]])
            for layer in self.layers[:FROZEN]:
                states = layer(states, mask, 0.0)
        return states

    def upper(self, states: Tensor, shapes: Tensor, marks: Tensor, mask: Tensor | None, dropout: float) -> Tensor:
        """Return the columns of all heads for each piece."""
        states = states + self.shapes(shapes) + self.marks(marks)
        for layer in self.layers[FROZEN:]:
            states = layer(states, mask, dropout)
        return self.heads(states)


def load(path: Path) -> Network:
    """Build the network on the published weights (`model.safetensors` of all-MiniLM-L6-v2)."""
    raw = load_file(path)
    network = Network()
    with torch.no_grad():
        network.words.weight.copy_(torch.from_numpy(raw["embeddings.word_embeddings.weight"]))
        places = raw["embeddings.position_embeddings.weight"] + raw["embeddings.token_type_embeddings.weight"][0]
        network.places.weight.copy_(torch.from_numpy(places))
        _copy(network.norm, raw, "embeddings.LayerNorm")
        for index, layer in enumerate(network.layers):
            at = f"encoder.layer.{index}"
            for kind in ("weight", "bias"):
                parts = [raw[f"{at}.attention.self.{name}.{kind}"] for name in ("query", "key", "value")]
                getattr(layer.attend, kind).copy_(torch.from_numpy(np.concatenate(parts)))
            _copy(layer.out, raw, f"{at}.attention.output.dense")
            _copy(layer.norm, raw, f"{at}.attention.output.LayerNorm")
            _copy(layer.up, raw, f"{at}.intermediate.dense")
            _copy(layer.down, raw, f"{at}.output.dense")
            _copy(layer.norm_up, raw, f"{at}.output.LayerNorm")
    network.words.requires_grad_(False)
    network.places.requires_grad_(False)
    network.norm.requires_grad_(False)
    network.layers[:FROZEN].requires_grad_(False)
    return network


def restored(weights: dict[str, np.ndarray]) -> Network:
    """Build the network on weights kept earlier."""
    network = Network()
    network.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})
    return network.eval()


class Met(NamedTuple):
    """What a linear layer was given on real sentences."""

    largest: np.ndarray
    gram: np.ndarray


def met(network: Network, passages: list[tuple[list[int], list[int]]]) -> dict[str, Met]:
    """Return what each linear layer is given over passages of ids and shapes."""
    found: dict[str, tuple[Tensor, Tensor]] = {}

    def watch(name: str) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
        def note(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            given = inputs[0][0].double()
            largest, gram = given.abs().amax(0), given.T @ given
            if name in found:
                largest, gram = torch.maximum(found[name][0], largest), found[name][1] + gram
            found[name] = largest, gram

        return note

    hooks = [
        module.register_forward_pre_hook(watch(name))
        for name, module in network.named_modules()
        if isinstance(module, nn.Linear)
    ]
    with torch.no_grad():
        for ids, shapes in passages:
            states = network.lower(torch.tensor([ids]), None)
            network.upper(states, torch.tensor([shapes]), torch.zeros(1, len(ids), dtype=torch.long), None, 0.0)
    for hook in hooks:
        hook.remove()
    return {name: Met(largest.numpy(), gram.numpy()) for name, (largest, gram) in found.items()}


def _copy(module: nn.Module, raw: dict[str, np.ndarray], name: str) -> None:
    module.weight.copy_(torch.from_numpy(raw[f"{name}.weight"]))
    module.bias.copy_(torch.from_numpy(raw[f"{name}.bias"]))
