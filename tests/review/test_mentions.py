"""Who and what is named in a comment."""

from hypothesis import given
from hypothesis import strategies as st

from articles.review.mentions import Part, named_in, parts_of

PEOPLE = {"ada": "Ada Byron", "ben.o": "Ben Okafor", "zoë": "Zoë Hart"}

words = st.lists(
    st.sampled_from(
        ["@ada", "@ben.o", "@zoë", "@nobody", "ada@ada", "@", " ", ".", ",", ")", "(", "\n", "🐟",
         "https://desk.example/a_(b)", "http://x", "javascript:alert(1)", "HTTPS://Y.example/?q=@ada"]
    )
    | st.text(max_size=3)
).map("".join)  # fmt: skip


@given(words)
def test_the_parts_make_up_what_was_written(body: str) -> None:
    assert "".join(part.text for part in parts_of(body, PEOPLE)) == body


@given(words)
def test_only_http_becomes_a_link_and_a_link_shows_where_it_leads(body: str) -> None:
    links = [part for part in parts_of(body, PEOPLE) if part.url]

    assert all(part.url == part.text for part in links)
    assert all(part.url.lower().startswith(("http://", "https://")) for part in links)


@given(words)
def test_whoever_is_shown_was_named_and_is_known(body: str) -> None:
    people = [part for part in parts_of(body, PEOPLE) if part.person]

    assert {part.text.removeprefix("@") for part in people} <= named_in(body) & PEOPLE.keys()
    assert all(part.person == PEOPLE[part.text.removeprefix("@")] for part in people)
    assert all(not part.person for part in parts_of(body, {}))


def test_marks_of_the_sentence_belong_to_no_name_and_no_address() -> None:
    body = "@ada: see (https://desk.example/a_(b)), @ben.o. Not ada@desk.example, nor @nobody!"

    parts = parts_of(body, PEOPLE)

    assert [part for part in parts if part.url or part.person] == [
        Part("@ada", person="Ada Byron"),
        Part("https://desk.example/a_(b)", url="https://desk.example/a_(b)"),
        Part("@ben.o", person="Ben Okafor"),
    ]
