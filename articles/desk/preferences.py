"""How a person wants to see and hear Newsdesk, as the account page sets it."""

from collections.abc import Mapping

#: For each preference its values, each with the words that the page shows; the first is the usual.
CHOICES: Mapping[str, Mapping[str, str]] = {
    "theme": {
        "system": "Like my computer",
        "light": "Light",
        "dark": "Dark",
        "contrast": "High contrast",
    },
    "text_size": {"18": "18 points", "16": "16 points", "20": "20 points", "22": "22 points",
                  "24": "24 points"},
    "spacing": {"comfortable": "Comfortable", "compact": "Compact"},
    "keys": {"on": "Single keys label and move", "off": "No single keys"},
    "speech": {
        "words": "Speak every word",
        "selections": "Speak selections only",
        "off": "Speak nothing of the cursor",
    },
}  # fmt: skip


def complete(stored: Mapping[str, object]) -> dict[str, str]:
    """Every preference: the ``stored`` value where it is a known one, else the usual."""
    found = {}
    for name, values in CHOICES.items():
        value = stored.get(name)
        found[name] = value if isinstance(value, str) and value in values else next(iter(values))
    return found
