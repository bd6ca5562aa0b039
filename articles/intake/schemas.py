"""What the API takes about articles."""

from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from articles.intake.incoming import Incoming, pasted
from articles.intake.readers import from_html
from newsdesk.api_shapes import CHOSEN_ID, Body, Language, Moment, Name, Object, Words


class ArticleIn(Body):
    """An article, as text or as a web page. What you say about it goes before what a page says."""

    id: UUID | None = Field(None, description=CHOSEN_ID)
    text: str | None = Field(
        None,
        description="Kept with LF line ends, in NFC, without control characters; up to 2 MB.",
        examples=["Harbour to reopen\n\nThe quay opens again on Monday, the council said."],
    )
    html: str | None = Field(None, description="A web page; its article becomes plain text.")
    title: Words = Field("", max_length=500, description="Else the headline, or the first words.")
    url: Words | None = Field(None, max_length=2000)
    byline: Words = Field("", max_length=300)
    publisher: Words = Field("", max_length=200)
    published_at: Moment | None = None
    language: Language | None = Field(None, description="BCP 47; else the project's.")
    external_id: Name | None = Field(None, max_length=200, description="Your own system's id.")
    story: Words = Field(
        "", max_length=200, description="A name that articles about the same event share."
    )
    metadata: Object = Field({}, description="Whatever else you know; kept as it is.")

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if (self.text is None) == (self.html is None):
            raise ValueError("Send either text or html.")
        return self

    def incoming(self) -> Incoming:
        """The article as intake takes it.

        Raises:
            TextRefused: if no article is on the page.
        """
        details = self.model_dump(exclude={"text", "html"}, exclude_unset=True)
        details = {name: value for name, value in details.items() if value is not None}
        if self.html is not None:
            return from_html(self.html, **details)
        return pasted(self.text or "", **details)
