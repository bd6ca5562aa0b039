"""What can be wrong with a text that an editor brings in.

Each docstring is the sentence the editor reads when nothing more exact is known.
"""


class TextError(ValueError):
    """Newsdesk cannot take this text."""

    code = "text_refused"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


class NotText(TextError):
    """This file is not text. Save the article as plain text or HTML and bring it in again."""

    code = "not_text"


class WrongEncoding(TextError):
    """The letters of this file cannot be read. Save it as UTF-8 and bring it in again."""

    code = "wrong_encoding"


class TextEmpty(TextError):
    """There is no text here, only white space."""

    code = "text_empty"


class TextTooLong(TextError):
    """This text is longer than Newsdesk takes."""

    code = "text_too_long"


class TitleOnly(TextError):
    """Only a title: paste the article's text too."""

    code = "title_only"
