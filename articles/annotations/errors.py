"""What can go wrong while annotating."""

from newsdesk.errors import Invalid, NewsdeskError


class SpanEmpty(Invalid):
    """Nothing is selected: a span needs at least one character."""

    code = "span_empty"
    field = "end"


class SpanOutOfRange(Invalid):
    """This span ends after the text."""

    code = "span_out_of_range"
    field = "end"


class QuoteMismatch(Invalid):
    """These words are not at this place in the text."""

    code = "quote_mismatch"
    field = "quote"


class LabelUnknown(Invalid):
    """The project has no such label, or it is retired."""

    code = "label_unknown"
    field = "label"


class WordsNotFound(Invalid):
    """These words are not there."""

    code = "words_not_found"


class RelationInvalid(Invalid):
    """These two cannot be linked so."""

    code = "relation_invalid"


class DuplicateAnnotation(NewsdeskError):
    """You have already labelled this span so."""

    status = 409
    code = "duplicate_annotation"


class DuplicateRelation(NewsdeskError):
    """These two are linked already."""

    status = 409
    code = "duplicate_relation"


class RevisionNotCurrent(NewsdeskError):
    """The article's text was corrected meanwhile. Reload the page to work on the new text."""

    status = 409
    code = "revision_not_current"


class LayerClosed(NewsdeskError):
    """Your work here is closed: it is submitted, or your place went to somebody else."""

    status = 409
    code = "layer_closed"


class NoFreeSlot(NewsdeskError):
    """This article already has all its annotators."""

    status = 409
    code = "no_free_slot"


class ArticleNotOpen(NewsdeskError):
    """This article is not open for work."""

    status = 409
    code = "article_not_open"


class AnnotationDeleted(NewsdeskError):
    """This annotation was deleted meanwhile."""

    status = 409
    code = "annotation_deleted"


class NothingToUndo(NewsdeskError):
    """There is nothing to undo."""

    status = 409
    code = "nothing_to_undo"


class ChangedSince(NewsdeskError):
    """This cannot be undone: it was changed again from elsewhere."""

    status = 409
    code = "changed_since"


class TooLate(NewsdeskError):
    """It is too late to take this back."""

    status = 409
    code = "too_late"
