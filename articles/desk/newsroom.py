"""The newsroom set: the labels that a new project starts with."""

from typing import Any

#: Colours are UX's palette: light, dark; tested for contrast and distance.
LABELS: list[dict[str, Any]] = [
    {
        "key": "claim",
        "name": "Claim",
        "definition": "A checkable assertion: something that could turn out true or false.",
        "hotkey": "1",
        "color": "#16357a",
        "color_dark": "#b5cdf0",
        "line": "solid",
        "attributes": [
            {"key": "checkable", "name": "Checkable", "type": "choice", "choices": ["yes", "no"]}
        ],
    },
    {
        "key": "quote",
        "name": "Quote",
        "definition": "Someone’s own words, or words reported as theirs.",
        "hotkey": "2",
        "color": "#8a2f00",
        "color_dark": "#e88a45",
        "line": "double",
        "attributes": [
            {
                "key": "form",
                "name": "Form",
                "type": "choice",
                "choices": ["direct", "mixed", "indirect"],
            }
        ],
    },
    {
        "key": "source",
        "name": "Source",
        "definition": "Who says so: a person, an organisation, a document, or nobody named.",
        "hotkey": "3",
        "color": "#ae1fd0",
        "color_dark": "#bd85ff",
        "line": "dashed",
        "attributes": [
            {
                "key": "kind",
                "name": "Kind",
                "type": "choice",
                "choices": ["person", "organisation", "document", "anonymous"],
            }
        ],
    },
    {
        "key": "caption",
        "name": "Caption",
        "definition": "The text that belongs to an image, with its credit.",
        "hotkey": "4",
        "color": "#0e7a6c",
        "color_dark": "#52f7c2",
        "line": "dotted",
        "attributes": [{"key": "credit", "name": "Credit", "type": "text"}],
    },
    {
        "key": "attributed_to",
        "name": "Attributed to",
        "kind": "relation",
        "definition": "From a quote or a claim to the source that it comes from.",
        "rules": [["quote", "source"], ["claim", "source"]],
    },
]

#: Colour pairs for a team's own labels, in the order they are offered: light, dark.
SPARE_COLORS = [
    ("#5b4903", "#f3ed4d"),
    ("#bf0f62", "#ff9fb8"),
    ("#0f7308", "#a5e87a"),
    ("#3c4a57", "#9fb3c0"),
]
