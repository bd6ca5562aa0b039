"""A text is divided into blocks that cover it exactly, whatever it is."""

from hypothesis import given
from hypothesis import strategies as st

from articles.text.blocks import divide

any_text = st.text(st.characters(exclude_categories=["Cs"]))


@given(any_text)
def test_the_blocks_cover_any_text_exactly(text: str) -> None:
    blocks = divide(text)

    assert "".join(text[block.start : block.end] for block in blocks) == text
    assert [block.start for block in blocks] == [0, *(block.end for block in blocks)][:-1] or not (
        blocks or text
    )
    assert all(block.start < block.end for block in blocks)
