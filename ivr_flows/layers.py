"""Puts the nodes of a graph into layers, so that ways lead downwards wherever they can and cross little."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Ways = Mapping[str, Sequence[str]]


def place_in_layers(start: str, ways: Ways) -> list[list[str]]:
    """Layers of node names from the top; a node stands below all that lead to it, except by a way back."""
    depth = _depths(start, ways)
    for name in ways:
        depth.setdefault(name, max(depth.values()) + 1)
    layers: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for name in depth:
        layers[depth[name]].append(name)
    return _untangle([layer for layer in layers if layer], ways)


def _depths(start: str, ways: Ways) -> dict[str, int]:
    """The longest way from the start to each node, without going round."""
    order = _forward_order(start, ways)
    rank = {name: n for n, name in enumerate(order)}
    depth = dict.fromkeys(order, 0)
    for name in order:
        for target in ways[name]:
            if rank[target] > rank[name]:
                depth[target] = max(depth[target], depth[name] + 1)
    return depth


def _forward_order(start: str, ways: Ways) -> list[str]:
    """Nodes so that each stands before all it leads to, save where a way leads back."""
    finished: list[str] = []
    seen = {start}
    path = [(start, iter(ways[start]))]
    while path:
        name, ahead = path[-1]
        target = next((one for one in ahead if one not in seen), None)
        if target is None:
            finished.append(name)
            path.pop()
        else:
            seen.add(target)
            path.append((target, iter(ways[target])))
    return finished[::-1]


def _untangle(layers: list[list[str]], ways: Ways) -> list[list[str]]:
    """Within a layer, stand near the middle of the nodes above that lead here."""
    place: dict[str, float] = {}
    for layer in layers:
        above = {name: [place[one] for one in place if name in ways[one]] for name in layer}
        layer.sort(key=lambda name: sum(above[name]) / len(above[name]) if above[name] else 0.0)
        for n, name in enumerate(layer):
            place[name] = n - (len(layer) - 1) / 2
    return layers
