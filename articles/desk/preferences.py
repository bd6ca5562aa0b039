"""How a person wants to see and hear Newsdesk, as the account page sets it."""

from collections.abc import Mapping

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
