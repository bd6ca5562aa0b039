"""How a person wants to see and hear Newsdesk, and press its keys, as the account page sets it."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

#: For each preference its values, each with the words that the page shows.
CHOICES: Mapping[str, Mapping[str, str]] = {
    "theme": {
        "system": "Like my computer",
        "light": "Light",
        "dark": "Dark",
        "contrast": "High contrast",
    },
    "text_size": {"16": "Small", "18": "Usual", "20": "Larger", "22": "Large", "24": "Largest"},
    "spacing": {"comfortable": "Comfortable", "compact": "Compact"},
    "keys": {"on": "Single keys label and move", "off": "No single keys"},
    "speech": {"words": "Every word", "selections": "Selections only", "off": "Nothing"},
    "boundaries": {"off": "No", "on": "Where each annotation begins and ends"},
}

USUAL: Mapping[str, str] = {
    "theme": "system",
    "text_size": "18",
    "spacing": "comfortable",
    "keys": "on",
    "speech": "words",
    "boundaries": "off",
}


def complete(stored: Mapping[str, object]) -> dict[str, str]:
    """Every preference: the ``stored`` value where it is a known one, else the usual."""
    found = {}
    for name, values in CHOICES.items():
        value = stored.get(name)
        found[name] = value if isinstance(value, str) and value in values else USUAL[name]
    return found


@dataclass(frozen=True, slots=True)
class Keys:
    """A line of the key sheet: what one does by these keys while the article has the focus.

    Keys are called as ``keys.js`` calls them: ``s``, ``Z`` with Shift, ``Ctrl+z``. The first key
    of a line with an ``action`` can be exchanged for another; ``annotate.js`` and the buttons of
    the page know the action by that name.
    """

    does: str
    usual: tuple[str, ...]
    action: str = ""


#: All keys of the workbench, in the order of the key sheet.
KEYS = (
    Keys("previous or next word", ("ArrowLeft", "ArrowRight")),
    Keys("word on the line above or below", ("ArrowUp", "ArrowDown")),
    Keys("with any move: extend the selection", ("Shift",)),
    Keys("start or end of the sentence", ("Home", "End")),
    Keys("first or last word", ("Ctrl+Home", "Ctrl+End")),
    Keys("previous or next paragraph", ("PageUp", "PageDown")),
    Keys("select the sentence", ("s",), "sentence"),
    Keys("select the paragraph", ("p",), "paragraph"),
    Keys("label the selection; relabel the selected annotation", ("1", "…", "9")),
    Keys("label and keep the selection, for a second label", ("Shift+1", "…", "Shift+9")),
    Keys("details of the selected annotation; labels for a selection", ("Enter",)),
    Keys("previous annotation", ("[",), "previous"),
    Keys("next annotation", ("]",), "next"),
    Keys("previous annotation of the same label", ("{",), "previous-same"),
    Keys("next annotation of the same label", ("}",), "next-same"),
    Keys("next annotation at the same place", ("o",), "outwards"),
    Keys("pull the end back by one word", (",",), "end-left"),
    Keys("push the end on by one word", (".",), "end-right"),
    Keys("push the start back by one word", ("<",), "start-left"),
    Keys("pull the start on by one word", (">",), "start-right"),
    Keys("delete the selected annotation", ("Delete", "Backspace"), "delete"),
    Keys("link: choose the other end, then Enter", ("l",), "link"),
    Keys("comment on the selected annotation", ("c",), "comment"),
    Keys("mark unsure: a reviewer looks here first", ("u",), "unsure"),
    Keys("annotate by text", ("a",), "by-text"),
    Keys("guidelines for the current label", ("g",), "guide"),
    Keys("undo", ("z", "Ctrl+z"), "undo"),
    Keys("redo", ("Z", "Ctrl+Z", "Ctrl+y"), "redo"),
    Keys("submit", ("Ctrl+Enter",)),
    Keys("clear the selection, then leave the link", ("Escape",)),
    Keys("show all keys", ("?",), "keys"),
)
#: What a key is called on screens, where that is not how the browser calls it.
_SHOWN = {
    "ArrowLeft": "←",
    "ArrowRight": "→",
    "ArrowUp": "↑",
    "ArrowDown": "↓",
    "PageUp": "PgUp",
    "PageDown": "PgDn",
    "Escape": "Esc",
    "Delete": "Del",
}
#: Digits give labels, and every other sign or letter of the ASCII keyboard can be chosen.
_CHOOSABLE = re.compile(r"[!-/:-~]")

#: What can be exchanged, by the name of its action.
ACTIONS: Mapping[str, Keys] = {line.action: line for line in KEYS if line.action}


def keys_of(stored: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """The keys of each action: the ``stored`` one for the first, where it can be chosen.

    Where a stored key is the usual one of another action, that action loses it.
    """
    given = stored.get("actions")
    own = given if isinstance(given, Mapping) else {}
    chosen: dict[str, str] = {}
    for name, line in ACTIONS.items():
        key = own.get(name)
        if isinstance(key, str) and not why_not(line, key) and key not in chosen.values():
            chosen[name] = key
    return {
        name: (chosen[name], *line.usual[1:])
        if name in chosen
        else tuple(key for key in line.usual if key not in chosen.values())
        for name, line in ACTIONS.items()
    }


def why_not(line: Keys, key: str) -> str:
    """Why ``key`` cannot be the key of this line, in words; empty if it can."""
    if key == line.usual[0] or _CHOOSABLE.fullmatch(key):
        return ""
    if key.isdecimal():
        return "Digits give labels. Take a letter or a sign."
    return (
        "One letter from a to z or one sign. Arrow keys, Tab, Enter and Escape have their use, "
        "and other letters are not on every keyboard."
    )


def used_twice(chosen: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, in words, for each action whose chosen key is also that of another."""
    times = Counter(chosen.values())
    wrong = {}
    for name, key in chosen.items():
        if times[key] > 1:
            others = [ACTIONS[o].does for o, same in chosen.items() if same == key and o != name]
            wrong[name] = f"“{key}” is also the key for: {', '.join(others)}."
    return wrong


def shown(key: str) -> str:
    """A key as the screen names it: ``Shift z`` for ``Z``."""
    if len(key) == 1 and key.isupper():
        return f"Shift {key.lower()}"
    *held, last = key.split("+") if len(key) > 1 else [key]
    return " ".join([*held, shown(last) if held else _SHOWN.get(last, last)])
