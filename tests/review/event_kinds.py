"""The kinds of events that the house records, read from its source."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
KIND = re.compile(r"[a-z]+\.[a-z_]+")
IN_SQL = re.compile(r"INSERT INTO articles_event[^;]*?'([a-z]+\.[a-z_]+)'", re.DOTALL)


def recorded_kinds() -> set[str]:
    """Every kind that services hand to ``recorded`` and its like, or through helpers of their own.

    One that is put together, such as ``f"layer.{how}"``, is a pattern: ``layer.*``.
    """
    trees = [ast.parse(path.read_text()) for path in sorted((ROOT / "articles").rglob("*.py"))]
    takers = _takers(trees)
    kinds = {kind for tree in trees for given in _spelled(tree, takers) for kind in _read(given)}
    return kinds | {
        kind
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for kind in IN_SQL.findall(node.value)
    }


def _takers(trees: list[ast.Module]) -> dict[str, int]:
    """The functions with a parameter ``kind`` that goes on to one of those, and where it stands."""
    takers = {"recorded": 0, "recorded_each": 0}
    grows = True
    while grows:
        found = {
            node.name: _place(node)
            for tree in trees
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and _place(node) >= 0 and _hands_on(node, takers)
        }
        grows = not found.keys() <= takers.keys()
        takers |= found
    return takers


def _place(function: ast.FunctionDef) -> int:
    names = [arg.arg for arg in function.args.args]
    return names.index("kind") if "kind" in names else -1


def _hands_on(function: ast.FunctionDef, takers: dict[str, int]) -> bool:
    return any(
        isinstance(given, ast.Name) and given.id == "kind" for given in _given(function, takers)
    )


def _spelled(tree: ast.Module, takers: dict[str, int]) -> Iterator[ast.expr]:
    """What is given for the kind; for a name, what the function around it gave the name."""
    yield from _given(tree, takers)
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            names = {one.id for one in _given(function, takers) if isinstance(one, ast.Name)}
            for node in ast.walk(function):
                if isinstance(node, ast.Assign):
                    targets = {one.id for one in node.targets if isinstance(one, ast.Name)}
                    yield from [node.value] if targets & names else []


def _given(tree: ast.AST, takers: dict[str, int]) -> Iterator[ast.expr]:
    """What stands for the kind in each call of one of ``takers``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = takers.get(node.func.id)
            if place is not None:
                named = [word.value for word in node.keywords if word.arg == "kind"]
                yield from named or node.args[place : place + 1]


def _read(given: ast.expr) -> Iterator[str]:
    if isinstance(given, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "*" for part in given.values)
        yield "".join(map(str, parts))
        return
    for node in ast.walk(given):
        if isinstance(node, ast.Constant) and KIND.fullmatch(str(node.value)):
            yield str(node.value)
