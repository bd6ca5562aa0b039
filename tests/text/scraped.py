"""An invented article, exactly as a scraper would leave it, with the kind of each part.

Every name, paper and event is made up; the mess is not: breadcrumbs, headline and standfirst
three times over, a byline glued to its date and to the video player, a newsletter box, captions
glued to the gallery button and to their own repetition, tags run together, teasers.
"""

from articles.text.blocks import Block, BlockKind

_HEADLINE = "Saltmere keeps its night ferry after harbour council’s stormy vote\n\n"
_STANDFIRST = (
    "The last boat across the estuary was to be cut in March, but fishermen, nurses and one"
    " seven-year-old changed the councillors’ minds\n\n"
)

_PARTS: tuple[tuple[BlockKind, str], ...] = (
    (BlockKind.BOILERPLATE, "Local\n\n"),
    (BlockKind.BOILERPLATE, _HEADLINE),
    (BlockKind.BOILERPLATE, "2026-02-11 08:05\n"),
    (BlockKind.BOILERPLATE, "1,204 views\n"),
    (BlockKind.BOILERPLATE, _HEADLINE),
    (BlockKind.BOILERPLATE, _STANDFIRST),
    (BlockKind.BOILERPLATE, "  1. News\n"),
    (BlockKind.BOILERPLATE, "  2. Region\n"),
    (BlockKind.BOILERPLATE, "  3. Saltmere\n"),
    (BlockKind.BOILERPLATE, "  4. Transport\n"),
    (BlockKind.HEADLINE, _HEADLINE),
    (BlockKind.STANDFIRST, _STANDFIRST),
    (BlockKind.BYLINE, "Ines Okafor"),
    (BlockKind.DATELINE, "Wednesday 11 February 2026 08:05 GMT"),
    (
        BlockKind.BOILERPLATE,
        "CommentsVideo Player PlaceholderCloseWatch: The night ferry leaves the north quay"
        "The Tide Table\n\n",
    ),
    (
        BlockKind.BOILERPLATE,
        "Sign up for the daily Tide Table email for news from the estuary sent to your inbox\n\n",
    ),
    (BlockKind.BOILERPLATE, "Get our free Tide Table email\n\n"),
    (BlockKind.BOILERPLATE, "Get our free Tide Table email\n\n"),
    (BlockKind.BOILERPLATE, "The Tide TableYour email address*SIGN ME UP\n\n"),
    (
        BlockKind.BOILERPLATE,
        "I would like to be emailed about offers, events and updates from The Saltmere Echo."
        " Read our Privacy notice\n\n",
    ),
    (
        BlockKind.PARAGRAPH,
        "The night ferry between Saltmere and Orrin Point will keep running, the harbour council"
        " decided on Tuesday after a debate that lasted until a quarter past one in the"
        " morning.\n\n",
    ),
    (
        BlockKind.PARAGRAPH,
        "“Nobody on this council has ever waited for that boat in the rain,” said Dr Mairi Holt,"
        " who leads the night shift at the Orrin infirmary. “We do, five times a week.” 🚢\n\n",
    ),
    (
        BlockKind.BOILERPLATE,
        "Passengers wait for the last ferry at Saltmere’s north quay on a night in January"
        "open image in gallery",
    ),
    (
        BlockKind.CAPTION,
        "Passengers wait for the last ferry at Saltmere’s north quay on a night in January ",
    ),
    (BlockKind.CREDIT, "(Lena Brandvik/Saltmere Echo)\n\n"),
    (
        BlockKind.PARAGRAPH,
        "The crossing costs the council £412,000 a year, according to a report by the auditors"
        " Pell & Marsh, and carries 61 people on an average night.\n\n",
    ),
    (
        BlockKind.PARAGRAPH,
        "Councillor Tobias Wren, who had proposed the cut, called the vote “sentimental” and said"
        " that the money would now be missing from the sea wall.\n\n",
    ),
    (
        BlockKind.BOILERPLATE,
        "Tobias Wren had argued that a taxi for every passenger would be cheaper"
        "open image in gallery",
    ),
    (
        BlockKind.CAPTION,
        "Tobias Wren had argued that a taxi for every passenger would be cheaper ",
    ),
    (BlockKind.CREDIT, "(AP)\n\n"),
    (
        BlockKind.PARAGRAPH,
        "Seven-year-old Junie Castellan, whose mother cleans offices on the other side, handed in"
        " a drawing with 1,118 signatures on its back.\n\n",
    ),
    (
        BlockKind.PARAGRAPH,
        "A source close to the ferry company said that a second boat had already been promised to"
        " a buyer in the south, and that the sale would be called off.\n\n",
    ),
    (
        BlockKind.BOILERPLATE,
        "Junie Castellan’s drawing shows the ferry with forty-one windowsopen image in gallery",
    ),
    (BlockKind.CAPTION, "Junie Castellan’s drawing shows the ferry with forty-one windows "),
    (BlockKind.CREDIT, "(Copyright 2026 Saltmere Pictures. All rights reserved)\n\n"),
    (
        BlockKind.PARAGRAPH,
        "The council will look at the timetable again in October. Until then the last boat leaves"
        " at 23:40, as it has since 1974.\n\n",
    ),
    (BlockKind.BOILERPLATE, "More about\n\n"),
    (
        BlockKind.BOILERPLATE,
        "SaltmereOrrin PointFerriesHarbour councilTobias WrenMairi Holtsea wall\n\n",
    ),
    (BlockKind.BOILERPLATE, "Join our commenting forum\n\n"),
    (
        BlockKind.BOILERPLATE,
        "Join thoughtful conversations, follow other readers of the Echo and see their replies\n\n",
    ),
    (BlockKind.BOILERPLATE, "Comments\n\n"),
    (BlockKind.BOILERPLATE, "Most popular\n\n"),
    (BlockKind.BOILERPLATE, "    Popular videos\n\n"),
    (BlockKind.BOILERPLATE, "      Bulletin\n\n"),
    (BlockKind.BOILERPLATE, "        Read next"),
)

SCRAPED_ARTICLE = "".join(text for _, text in _PARTS)


def _blocks() -> list[Block]:
    blocks = []
    start = 0
    for kind, text in _PARTS:
        blocks.append(Block(kind, start, start + len(text)))
        start += len(text)
    return blocks


SCRAPED_BLOCKS = _blocks()
"""Where each part stands and what it is."""


def scraped_texts(kind: BlockKind) -> list[str]:
    """The parts of one kind, without the white space around them."""
    return [text.strip() for part, text in _PARTS if part == kind]
