"""A clean article has a head, paragraphs and pictures, and no furniture at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.blocks import BlockKind
from tests.text.test_blocks import kinds_and_texts

HEADLINE, STANDFIRST, BYLINE = BlockKind.HEADLINE, BlockKind.STANDFIRST, BlockKind.BYLINE
DATELINE, PARAGRAPH, LIST_ITEM = BlockKind.DATELINE, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM
BLOCK_QUOTE, CAPTION, CREDIT = BlockKind.BLOCK_QUOTE, BlockKind.CAPTION, BlockKind.CREDIT
BOILERPLATE = BlockKind.BOILERPLATE

PROSE = {
    "en": "The crane on the north mole was taken down on Monday, and the gulls that had lived in"
    " its cab moved to the roof of the fish hall.",
    "de": "Der Kran auf der Nordmole ist am Montag abgebaut worden, und die Möwen aus seiner"
    " Kanzel sind auf das Dach der Fischhalle gezogen.",
    "fr": "La grue du môle nord a été démontée lundi, et les mouettes qui vivaient dans sa cabine"
    " sont parties sur le toit de la criée.",
    "ar": "فُكّكت الرافعة القائمة على الرصيف الشمالي يوم الاثنين، وانتقلت النوارس التي كانت تسكن"
    " مقصورتها إلى سطح سوق السمك.",
    "ja": "北防波堤のクレーンが月曜日に撤去され、運転室にいたカモメは魚市場の屋根へ移った。",
}


def kinds(*paragraphs: str, title: str | None = None) -> list[BlockKind]:
    return [kind for kind, _ in kinds_and_texts("\n\n".join(paragraphs), title)]


HEADS = {
    "en": {
        HEADLINE: "Gulls lose their crane",
        STANDFIRST: "Eleven birds had to move house, and the harbour office helped them.",
        BYLINE: "By Petra Lindqvist-Moor, harbour reporter",
        DATELINE: "ORRIN POINT, 9 June 2026",
    },
    "de": {
        HEADLINE: "Möwen verlieren ihren Kran",
        STANDFIRST: "Elf Vögel mussten umziehen, und das Hafenamt hat ihnen geholfen.",
        BYLINE: "Von Jonas Aldebrink, Redakteur",
        DATELINE: "Salzhafen, 9. Juni 2026",
    },
    "fr": {
        HEADLINE: "Les mouettes perdent leur grue",
        STANDFIRST: "Onze oiseaux ont dû déménager, et la capitainerie les y a aidés.",
        BYLINE: "Par Odette Marchevin, à Port-Salin",
        DATELINE: "Port-Salin, le 9 juin 2026",
    },
    "ar": {
        HEADLINE: "النوارس تفقد رافعتها",
        STANDFIRST: "اضطر أحد عشر طائرًا إلى الرحيل، وساعدتها إدارة الميناء على ذلك.",
        BYLINE: "كتبت: هالة الصيرفي، مراسلة الميناء",
        DATELINE: "مرسى الملح، 9 حزيران 2026",
    },
    "ja": {
        HEADLINE: "カモメ、すみかのクレーンを失う",
        STANDFIRST: "十一羽が引っ越しを迫られ、港湾事務所が手を貸した。新しい巣は屋根にある。",
        BYLINE: "文・潮見はるか（港湾担当）",
        DATELINE: "塩ノ浦、2026年6月9日",
    },
}


@pytest.mark.parametrize("language", HEADS)
@pytest.mark.parametrize(
    "order",
    [
        [STANDFIRST, BYLINE, DATELINE],
        [STANDFIRST, DATELINE, BYLINE],
        [BYLINE, STANDFIRST, DATELINE],
        [DATELINE, STANDFIRST, BYLINE],
        [BYLINE, DATELINE],
        [DATELINE, BYLINE],
        [STANDFIRST, BYLINE],
        [STANDFIRST, DATELINE],
        [BYLINE],
        [DATELINE],
        [],
    ],
    ids="-".join,
)
def test_a_head_is_found_in_any_order(language: str, order: list[BlockKind]) -> None:
    head = [HEADLINE, *order]
    lines = [HEADS[language][kind] for kind in head]

    assert kinds(*lines, PROSE[language], PROSE[language]) == [*head, PARAGRAPH, PARAGRAPH]


@pytest.mark.parametrize("order", [[BYLINE, DATELINE], [DATELINE, BYLINE], []], ids="-".join)
def test_a_standfirst_without_a_full_stop_may_stand_last(order: list[BlockKind]) -> None:
    lines = [HEADS["en"][kind] for kind in [HEADLINE, *order]]
    standfirst = "Eleven birds had to move house, and the harbour office helped them"

    assert kinds(*lines, standfirst, PROSE["en"]) == [HEADLINE, *order, STANDFIRST, PARAGRAPH]


def test_a_head_needs_no_blank_lines() -> None:
    head = HEADS["en"] | {HEADLINE: "Gulls lose their crane, and the harbour its landmark"}
    text = "\n".join([*head.values(), PROSE["en"], PROSE["en"]])

    assert [kind for kind, _ in kinds_and_texts(text)] == [*HEADS["en"], PARAGRAPH, PARAGRAPH]


def test_a_picture_may_stand_in_the_head() -> None:
    headline, standfirst, byline, dateline = HEADS["en"].values()
    picture = "The crane in May (Argus / M. Bell)"

    assert kinds(headline, picture, standfirst, byline, dateline, PROSE["en"]) == [
        *(HEADLINE, CAPTION, CREDIT, STANDFIRST, BYLINE, DATELINE, PARAGRAPH)
    ]


def test_under_a_title_that_is_not_in_the_text_the_head_goes_on() -> None:
    _, standfirst, byline, dateline = HEADS["en"].values()

    found = kinds(standfirst, byline, dateline, PROSE["en"], title="Gulls lose their crane")

    assert found == [STANDFIRST, BYLINE, DATELINE, PARAGRAPH]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("By Petra Lindqvist-Moor at the fish hall", BYLINE),
        ("By our correspondent Petra Lindqvist-Moor", BYLINE),
        ("Petra Lindqvist-Moor", BYLINE),
        ("Petra Lindqvist-Moor, harbour reporter", BYLINE),
        ("Анна Солнцева, корреспондент", BYLINE),
        ("Von unserer Korrespondentin Jana Aldebrink", BYLINE),
        ("بقلم هالة الصيرفي", BYLINE),
        ("潮見はるか記者", BYLINE),
        ("By the time the crane came down", PARAGRAPH),
        ("Dear Editor", PARAGRAPH),
        ("WENDHAVEN, 3 November 2026", DATELINE),
        ("Published 3 November 2026", DATELINE),
        ("Tuesday 3 November 2026 at 10.15", DATELINE),
        ("Salzhafen, den 3. November 2026", DATELINE),
        ("الثلاثاء 3 تشرين الثاني 2026", DATELINE),
        ("塩ノ浦、2026年11月3日（火）", DATELINE),
        ("3 ноября 2026 г.", DATELINE),
        ("The crane until 3 November 2026", PARAGRAPH),
        ("On 3 November 2026 the crane came down.", PARAGRAPH),
    ],
)
def test_a_line_under_the_headline_is_told_by_its_words(line: str, kind: BlockKind) -> None:
    assert kinds("Gulls lose their crane", line, PROSE["en"]) == [HEADLINE, kind, PARAGRAPH]


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("By Petra Lindqvist-Moor, 3 November 2026", [BYLINE, DATELINE]),
        ("Petra Lindqvist-Moor | 3 November 2026", [BYLINE, DATELINE]),
        ("3 November 2026 · By Petra Lindqvist-Moor", [DATELINE, BYLINE]),
        ("文・潮見はるか　2026年11月3日", [BYLINE, DATELINE]),
    ],
)
def test_byline_and_dateline_may_share_a_line(line: str, parts: list[BlockKind]) -> None:
    assert kinds("Gulls lose their crane", line, PROSE["en"]) == [HEADLINE, *parts, PARAGRAPH]


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("The crane, closed since the storm in March ", "(Argus / M. Bell)"),
        ("The crane, closed since the storm in March ", "(Argus / M. Bell)."),
        ("The crane, closed since the storm in March. ", "(Argus / M. Bell)"),
        ("The crane at 8.52 on Tuesday morning 🏗️ ", "(Ines Tolland / Gullpost)"),
        ("The crane, closed since the storm in March ", "(Photo: M. Bell)"),
        ("The crane, closed since the storm in March ", "(Photo: M. Bell)."),
        ("The crane ", "(Argus / M. Bell)"),
        ("The crane in about 1910; the cab is on the left ", "(Saltmere Archive)"),
        ("Der Kran, seit dem Sturm gesperrt ", "(Foto: J. Aldebrink)"),
        ("Der Kran, seit dem Sturm gesperrt ", "(Salzhafener Bote / J. Aldebrink)"),
        ("La grue, fermée depuis la tempête ", "(Photo : O. Marchevin)"),
        ("الرافعة مغلقة منذ عاصفة مارس ", "(تصوير: سمير القطّان)"),
        ("الرافعة مغلقة منذ عاصفة مارس ", "(صدى المرسى / س. القطّان)"),
        ("الرافعة مغلقة منذ عاصفة مارس ", "(صدى المرسى / س. القطّان)."),
        ("三月の嵐から閉鎖されているクレーン", "（撮影・潮見はるか）"),
        ("三月の嵐から閉鎖されているクレーン", "（塩ノ浦新報・潮見はるか）"),
        ("三月の嵐から閉鎖されているクレーン", "（塩ノ浦新報・潮見はるか）。"),
        ("三月の嵐から閉鎖されているクレーン", "（塩ノ浦観光協会）"),
    ],
)
@pytest.mark.parametrize("last", [False, True], ids=["between", "last"])
def test_a_picture_is_told_by_the_credit_in_brackets(caption: str, credit: str, last: bool) -> None:
    behind = [] if last else [PROSE["en"]]
    text = "\n\n".join(["Gulls lose their crane", PROSE["en"], caption + credit, *behind])

    assert [(kind, part.strip("\n")) for kind, part in kinds_and_texts(text)[2:4]] == [
        (CAPTION, caption),
        (CREDIT, credit),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "The plan of the crane is in the appendix to the report (see page 4)",
        "The plan of the crane is in the appendix to the report (see page 4).",
        "The council voted on Monday to take it down (12 votes to 3)",
        "The council voted on Monday to take it down (12 votes to 3).",
        "The motion came from the member for the north mole, Tobias Wren (Labour).",
        "The coalition wants to keep the crane (Labour / Greens).",
        "The crane was sold to the county. Nobody had asked for it (Saltmere Harbour Board).",
        "The council showed the old crane (photo: page 4) and promised to build another.",
        "Der Rat stimmte am Montag für den Abbau (12 zu 3 Stimmen).",
        "صوّت المجلس يوم الاثنين على تفكيك الرافعة (انظر الصفحة 4).",
        "評議会は月曜日に撤去を決めた（賛成12、反対3）。",
        "主演は英国から来た若い俳優だった（ジョン・スミス）。",
        "会場（写真・右）には、カモメの行方を案じる人たちが大勢集まった。",
        "クレーンは撤去されたと通信社が伝えた（ロイター）。",
        "クレーンは月曜日に撤去され、カモメは魚市場の屋根へ移った。（共同）",
        "カモメの引っ越しはまだ終わっていない（続く）",
    ],
)
def test_prose_that_ends_in_a_bracket_is_no_picture(line: str) -> None:
    found = kinds("Gulls lose their crane", PROSE["en"], line, PROSE["en"])

    assert found == [HEADLINE, PARAGRAPH, PARAGRAPH, PARAGRAPH]


def test_a_name_in_brackets_is_no_credit_in_a_table() -> None:
    rows = [
        "Best song: “The Last Boat” (Lena Brandvik)",
        "Best film: “A Crane in Winter” (Odette Marchevin)",
        "Best play: “Eleven Gulls” (Petra Lindqvist)",
    ]

    assert kinds("The prizes", PROSE["en"], *rows)[2:] == [PARAGRAPH] * 3


def test_a_caption_goes_on_behind_its_credit() -> None:
    line = "The crane in May (Photo: M. Bell). It was built in 1902."

    assert kinds("Gulls lose their crane", PROSE["en"], line)[2:] == [CAPTION, CREDIT, CAPTION]


def test_the_days_of_a_chronicle_are_no_second_head() -> None:
    days = ["9 June 2026", PROSE["en"], "10 June 2026", PROSE["en"]]

    assert kinds("Gulls lose their crane", *days) == [HEADLINE, DATELINE, *[PARAGRAPH] * 3]


def test_a_broken_line_that_begins_like_a_byline_is_none() -> None:
    text = (
        "Gulls lose their crane\n\nThe gulls had been told to leave the crane on the mole\n"
        "By Monday the last of the eleven had left, and the crane\nwas taken down."
    )

    assert [kind for kind, _ in kinds_and_texts(text)] == [HEADLINE, PARAGRAPH]


def test_on_a_page_too_a_place_belongs_to_its_day() -> None:
    head = ["Gulls lose their crane after storm", "SALT HAVEN, 3 November 2026"]
    menu = ["Sign in", "Subscribe to our newsletter"]

    found = kinds(*menu, *head, PROSE["en"], PROSE["en"] + " So it was.", title=head[0])

    assert found == [BOILERPLATE, BOILERPLATE, HEADLINE, DATELINE, PARAGRAPH, PARAGRAPH]


def test_a_known_title_may_stand_under_other_lines() -> None:
    found = kinds("ANALYSIS", "The crane is late", PROSE["en"], title="The crane is late")

    assert found == [PARAGRAPH, HEADLINE, PARAGRAPH]


def test_lists_and_quotes_end_the_head() -> None:
    found = kinds(
        "What to know",
        "- The crane on the north mole\n- The roof of the fish hall",
        "> The gulls were here before the crane, and will be here after it.",
        "WENDHAVEN, 3 November 2026",
        PROSE["en"],
    )

    assert found == [HEADLINE, LIST_ITEM, LIST_ITEM, BLOCK_QUOTE, PARAGRAPH, PARAGRAPH]


def test_a_poem_is_stanzas_however_short_its_lines() -> None:
    stanza = "A crane\nin the rain\nlets go\nof a gull\nand the gull"

    assert kinds("Eleven Gulls", "Lena Brandvik", *[stanza] * 6) == [HEADLINE, *[PARAGRAPH] * 7]


def test_an_interview_is_paragraphs() -> None:
    questions = ["Where do they live now?", "On the roof.", "All of them?", "All eleven."]

    assert kinds("“They like the roof”", "By Mara Ellwood", *questions, PROSE["en"]) == [
        *(HEADLINE, BYLINE),
        *[PARAGRAPH] * 5,
    ]


def test_one_paragraph_is_a_paragraph() -> None:
    assert kinds(PROSE["en"]) == [PARAGRAPH]
    assert kinds("WENDHAVEN, 3 November 2026 (Argus) – " + PROSE["en"]) == [PARAGRAPH]


@pytest.mark.parametrize("opening", ["Dear Sir,", "Sir, – I have known the crane since 1960."])
def test_a_letter_is_paragraphs(opening: str) -> None:
    letter = [opening, PROSE["en"], PROSE["en"], "Yours faithfully,", "Lena Brandvik"]

    assert kinds(*letter) == [PARAGRAPH] * 5
    assert kinds("The crane", *letter) == [HEADLINE, *[PARAGRAPH] * 5]
    assert kinds("Saltmere, 9 June 2026", *letter) == [DATELINE, *[PARAGRAPH] * 5]


def test_paragraphs_about_newsletters_are_no_furniture() -> None:
    about = [
        "The newsletter of the harbour office told its readers where the gulls had gone.",
        "Its cookie recipe, printed beside the advertisement for the fish hall, was praised.",
        "“Nobody reads a privacy policy,” said the harbour master, and printed the recipe again.",
    ]

    assert kinds("Gulls lose their crane", *about) == [HEADLINE, *[PARAGRAPH] * 3]


clean_lines = st.sampled_from(
    [
        *PROSE.values(),
        *(line for head in HEADS.values() for line in head.values()),
        "The crane in May (Argus / M. Bell)",
        "The crane in May (Photo: M. Bell). It was built in 1902.",
        "- The roof of the fish hall",
        "> The gulls were here first.",
        "Yours faithfully,",
        "3 November 2026, updated at noon",
        "The crane came down on 3 November 2026",
    ]
)


@given(st.lists(clean_lines, max_size=13), st.sampled_from(["\n", "\n\n"]))
def test_nothing_in_a_clean_article_is_boilerplate(lines: list[str], blank: str) -> None:
    found = kinds_and_texts(blank.join(lines))

    assert BOILERPLATE not in [kind for kind, _ in found]
