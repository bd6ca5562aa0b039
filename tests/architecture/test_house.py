"""The plan of the house, held against its files: who may import whom, how long, how documented."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ARTICLES = ROOT / "articles"
#: Folders of ``articles`` in the order of an article's way; each imports only from those before.
FOLDERS = [
    "text", "desk", "intake", "formats", "annotations", "suggestions", "imports", "review",
    "datasets", "feed", "w3c",
]  # fmt: skip
#: Folders whose modules are all of one kind: pure code.
PURE = ["text", "formats"]
#: Kinds of module from below to above, each with the modules that are of it, by name or ending.
#: A module imports only from kinds above its own line, or from its own kind.
KINDS: list[tuple[str, list[str]]] = [
    ("errors", ["errors"]),
    ("nouns", ["attributes", "palette", "looks", "newsroom", "preferences", "guidelines",
               "painting", "heat", "fixing", "web_pages", "fields", "records", "options",
               "seen", "items",
               "clustering", "matching", "agreement", "agreement_matching", "agreement_f1",
               "agreement_unitizing", "agreement_gamma", "agreement_coding",
               "agreement_labels", "dashboard_numbers", "measures", "figures", "shown",
               "work_figures", "agreement_figures", "dashboard_figures", "mentions", "telling",
               "received", "documents",
               "split", "near_duplicates", "card", "diff", "counting",
               "cursors", "news", "signing"]),
    ("models", ["models", "events", "gates"]),
    ("permissions", ["permissions"]),
    ("reading", ["queries", "*_queries", "listing", "near", "stylesheet", "reading", "jsonl",
                 "fetching", "pages", "signals", "incoming", "rows", "columns", "tables", "sources",
                 "snapshot_source", "stored"]),
    ("writing", ["recording", "copying", "rates", "saving", "posting", "writing", "merging",
                 "notices", "*_notices", "raising"]),
    ("services", ["services", "*_services", "readers", "repeats", "verification",
                  "verification_rules", "verification_frozen", "demo", "demo_review",
                  "demo_snapshots", "demo_suggestions", "demo_imports", "demo_webhooks",
                  "measuring", "freezing", "tasks", "*_tasks"]),
    ("forms", ["forms", "*_forms", "schemas", "*_schemas", "adapters"]),
    ("desks", ["desks", "panels", "answers"]),
    ("views", ["views", "*_views", "api", "*_api"]),
    ("urls", ["urls"]),
]  # fmt: skip
#: Where HTML is made from parts that are safe by how they are made; why.
MAKES_HTML = {
    "articles/templatetags/newsdesk.py": "an import map of our own file names, sanitised Markdown",
    "articles/templatetags/review.py": "marks whose words are escaped one by one",
    "articles/templatetags/workbench.py": "marks whose words are escaped one by one",
}
LONGEST_FILE, MOST_JAVASCRIPT = 400, 20_000
#: Libraries that take long or much memory to load. Who needs one imports it where it is needed.
HEAVY = {"boto3", "cassis", "datasketch", "feedparser", "lxml", "pyarrow", "scipy", "spacy",
         "trafilatura"}  # fmt: skip
#: All that a web process and a worker import before the first request or job.
START = """
import sys, newsdesk.asgi, newsdesk.urls, newsdesk.worker
newsdesk.worker.app.perform_import_paths()
print(*sys.modules)
"""


def files(folder: str, *endings: str) -> list[Path]:
    found = [path for ending in endings for path in (ROOT / folder).rglob(f"*.{ending}")]
    return sorted(path for path in found if "migrations" not in path.parts)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


MODULES = [path for path in files("articles", "py") if path.stem != "__init__"]
HOUSE = [path for path in MODULES if path.parent.name in FOLDERS]


def kind_of(module: str) -> int | None:
    """The place of a module's kind, from below; ``None`` if nobody gave it one."""
    for place, (_, names) in enumerate(KINDS):
        if any(module == name or (name[0] == "*" and module.endswith(name[1:])) for name in names):
            return place
    return None


def imports_of(path: Path) -> Iterator[str]:
    """The modules that a file imports, in full."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def public(path: Path) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """The functions and classes of a module that others may use."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node


def test_every_module_has_its_place() -> None:
    placeless = [named(path) for path in HOUSE
                 if path.parent.name not in PURE and kind_of(path.stem) is None]  # fmt: skip

    assert not placeless, "give it a line in KINDS, or another name"


@pytest.mark.parametrize("path", HOUSE, ids=named)
def test_imports_point_downward(path: Path) -> None:
    own_folder, own_kind = path.parent.name, kind_of(path.stem)
    upward = []
    for name in imports_of(path):
        parts = name.split(".")
        if parts[0] != "articles" or len(parts) < 3 or parts[1] not in FOLDERS:
            continue
        folder, kind = parts[1], kind_of(parts[2])
        if FOLDERS.index(folder) > FOLDERS.index(own_folder):
            upward.append(name)
        elif (
            folder == own_folder
            and folder not in PURE
            and kind is not None
            and own_kind is not None
        ):
            upward += [name] if kind > own_kind else []

    assert not upward


@pytest.mark.parametrize("path", files("articles/text", "py"), ids=named)
def test_text_is_pure(path: Path) -> None:
    used = {name.split(".")[0] for name in imports_of(path)}
    own = {name for name in imports_of(path) if name.startswith("articles")}

    assert not used & {"django", "newsdesk", "os", "pathlib", "socket", "urllib", "psycopg"}
    assert all(name.startswith("articles.text") for name in own)


def test_nothing_heavy_is_loaded_at_start() -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "newsdesk.settings",
        "DATABASE_URL": "postgresql:///none",
        "NEWSDESK_SECRET_KEY": "none",
    }
    started = subprocess.run(
        [sys.executable, "-c", START], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE
    )
    loaded = set(started.stdout.decode().split())
    heavy = HEAVY & loaded

    assert {"articles.datasets.views", "articles.datasets.tasks"} <= loaded
    assert not heavy


@pytest.mark.parametrize("path", HOUSE, ids=named)
def test_services_are_called_by_name_and_everything_public_says_what_it_is(path: Path) -> None:
    silent = [node.name for node in public(path) if not ast.get_docstring(node)]
    positional = []
    if path.stem == "services" or path.stem.endswith("_services"):
        positional = [
            node.name
            for node in public(path)
            if isinstance(node, ast.FunctionDef)
            and any(arg.arg == "actor" for arg in (*node.args.args, *node.args.kwonlyargs))
            and (node.args.args or node.args.posonlyargs)
            and not any(
                isinstance(mark, ast.Name) and mark.id == "contextmanager"
                for mark in node.decorator_list
            )
        ]

    assert ast.get_docstring(ast.parse(path.read_text())) or not path.read_text()
    assert not positional
    assert not silent or may_be_silent(path)


def may_be_silent(path: Path) -> bool:
    """Views, forms and query sets may be said by their name alone, when it says all."""
    by_name = ("forms", "views", "models", "schemas", "permissions", "urls")
    return any(path.stem == one or path.stem.endswith(f"_{one}") for one in by_name)


SOURCES = [
    *files("articles", "py"), *files("newsdesk", "py"), *files("static/js", "js"),
    *files("static/css", "css"), *files("templates", "html", "txt"),
]  # fmt: skip


def test_no_file_is_long() -> None:
    long = {named(path) for path in SOURCES if path.read_text().count("\n") > LONGEST_FILE}

    assert long == set()


def test_nothing_is_left_to_be_done() -> None:
    # Spelled so that this file does not find itself.
    left = re.compile("|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]))

    assert not [named(path) for path in SOURCES if left.search(path.read_text())]


def modules_of(page: Path) -> set[Path]:
    """The scripts that a page names, or else the frame around it, and what they import in turn."""
    own_scripts = page.read_text().partition("block scripts")[2]
    frame = (ROOT / "templates/base.html").read_text()
    text = own_scripts + (frame if not own_scripts or "block.super" in own_scripts else "")
    to_load = re.findall(r"'js/(\w+)\.js'", text)
    loaded: set[Path] = set()
    while to_load:
        path = ROOT / f"static/js/{to_load.pop()}.js"
        if path not in loaded:
            loaded.add(path)
            to_load += re.findall(
                r'^import .* from "newsdesk/(\w+)"', path.read_text(), re.MULTILINE
            )
    return loaded


def test_no_page_loads_much_javascript_of_our_own() -> None:
    pages = files("templates", "html")
    # What the others have built in; fetched only where it is missing.
    for_old_browsers = {ROOT / "static/js/highlights.js"}

    assert set.union(*map(modules_of, pages), for_old_browsers) == set(files("static/js", "js"))
    for page in pages:
        weight = sum(path.stat().st_size for path in modules_of(page))
        assert weight < MOST_JAVASCRIPT, named(page)


def test_only_named_modules_call_html_safe() -> None:
    calls = {named(path) for path in MODULES if "mark_safe(" in path.read_text()}
    filtered = re.compile(r"\|\s*safe\b|autoescape off")
    # Django's own help texts may hold markup that Django wrote: a list of password rules.
    templates = {named(path) for path in files("templates", "html")
                 if filtered.search(path.read_text())}  # fmt: skip

    assert calls == MAKES_HTML.keys()
    assert templates <= {"templates/components/field.html"}


def test_templates_hold_neither_style_nor_script() -> None:
    inline = re.compile(
        r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*\b(src|nonce)=)|hx-on",
        re.IGNORECASE,
    )

    assert not [
        named(path) for path in files("templates", "html") if inline.search(path.read_text())
    ]


def test_locks_hold_hashes_and_no_addresses() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|file:|--index-url|--extra-index|@ /", text)
