"""What can go wrong between another program's annotations and ours."""

from typing import Any

from articles.annotations.errors import DuplicateAnnotation
from newsdesk.errors import Invalid, InvalidQuery, NewsdeskError


class NotAnAnnotation(Invalid):
    """This is not a Web Annotation."""

    code = "not_an_annotation"


class TargetUnknown(Invalid):
    """There is no such article in this project."""

    code = "target_unknown"
    field = "target"


class SelectorMissing(Invalid):
    """Say where in the text: with a TextQuoteSelector, a TextPositionSelector, or both."""

    code = "selector_missing"
    field = "target"


class LabelMissing(Invalid):
    """Name a label of the project in a body: by its IRI, or by its key or name as a tag."""

    code = "label_missing"
    field = "body"


class ParameterUnknown(InvalidQuery):
    """A container takes no such parameter."""

    code = "unknown_field"


class QuoteAmbiguous(NewsdeskError):
    """These words stand in several places of the text: add prefix and suffix, or a position."""

    status = 409
    code = "quote_ambiguous"


class StaysInItsText(NewsdeskError):
    """An annotation stays with its text. Delete it, and make another one there."""

    status = 409
    code = "target_changed"


class CanonicalKept(NewsdeskError):
    """The canonical IRI of an annotation does not change."""

    status = 409
    code = "canonical_kept"


class NameTaken(NewsdeskError):
    """Another annotation got this name just now."""

    status = 409
    code = "name_taken"


class Gone(NewsdeskError):
    """This annotation was deleted."""

    status = 410
    code = "gone"


class NotOffered(NewsdeskError):
    """Annotations are given as application/ld+json or application/json."""

    status = 406
    code = "not_acceptable"


class NotTaken(NewsdeskError):
    """Annotations are taken as application/ld+json or application/json."""

    status = 415
    code = "wrong_media_type"


class WrongVerb(NewsdeskError):
    """This address does not take that."""

    status = 405
    code = "method_not_allowed"


class ContainersAreProjects(NewsdeskError):
    """A container is a project, and projects are opened in Newsdesk: name one of yours as Slug."""

    status = 403
    code = "not_allowed"


class AnnotationThere(DuplicateAnnotation):
    """You have already labelled this span so."""

    def __init__(self, existing: str) -> None:
        super().__init__()
        self.existing = existing

    def facts(self) -> dict[str, Any]:
        """The IRI of the annotation that says the same."""
        return {"existing": self.existing}
