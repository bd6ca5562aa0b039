"""The API of annotations and relations."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router, Status

from articles.annotations import relation_services, services
from articles.annotations.errors import LabelUnknown, RelationInvalid
from articles.annotations.models import Annotation, Layer, Relation
from articles.annotations.permissions import can_read
from articles.annotations.queries import read_ranges
from articles.annotations.reading import layers_named, words_reader
from articles.annotations.schemas import (
    AnnotationIn,
    AnnotationOut,
    AnnotationPatch,
    Annotations,
    LayerQuery,
    RelationIn,
    RelationOut,
    Relations,
)
from articles.desk.models import Label
from articles.desk.permissions import role_in
from articles.intake.api import articles_reached, find_article
from articles.intake.models import Article
from newsdesk.api_auth import ANNOTATE, READ, ApiRequest, etag, version_seen
from newsdesk.api_shapes import created, listed
from newsdesk.openapi import IF_MATCH, problems

router = Router()


@router.get(
    "/articles/{uuid:article_id}/annotations",
    auth=READ,
    tags=["Annotations"],
    response={200: Annotations, **problems(404)},
    exclude_unset=True,
)
def list_annotations(
    request: ApiRequest, article_id: UUID, asked: Query[LayerQuery]
) -> Annotations:
    """An article's annotations in reading order.

    Annotators see their own layer only, and are refused when they ask for another's.
    """
    article = find_article(request, article_id)
    layers = layers_named(request.user, article, asked.layer)
    rows = Annotation.objects.live().filter(article=article, layer__in=layers).in_reading_order()
    words = words_reader()
    return listed(
        request, _whole(rows), asked, Annotations, lambda row: AnnotationOut.of(row, words(row))
    )


@router.post(
    "/articles/{uuid:article_id}/annotations",
    auth=ANNOTATE,
    tags=["Annotations"],
    response={201: AnnotationOut, 200: AnnotationOut, **problems(404, 409)},
)
def create_annotation(
    request: ApiRequest, response: HttpResponse, article_id: UUID, body: AnnotationIn
) -> Status[AnnotationOut]:
    """Label a span, in your own layer. Your first annotation takes a free place of the article.

    422 codes: `span_empty`, `span_out_of_range`, `quote_mismatch`, `label_unknown`,
    `attribute_invalid`. 409 codes: `duplicate_annotation`, `revision_not_current`,
    `layer_closed`, `no_free_slot`, `article_not_open`, `id_reused`.
    """
    article = find_article(request, article_id)
    annotation, is_new = services.create_annotation(
        actor=request.user,
        article=article,
        label=_label(article.project_id, body.label),
        start=body.start,
        end=body.end,
        quote=body.quote,
        chosen_id=body.id,
        revision_id=body.revision,
        attributes=body.attributes,
    )
    address = reverse("api:get_annotation", args=[annotation.pk])
    return created(response, _annotation(response, annotation), address, is_new)


@router.get(
    "/annotations/{uuid:annotation_id}",
    auth=READ,
    tags=["Annotations"],
    response={200: AnnotationOut, **problems(404)},
)
def get_annotation(
    request: ApiRequest, response: HttpResponse, annotation_id: UUID
) -> AnnotationOut:
    """One annotation; 404 when it is deleted."""
    annotation = _find(request, Annotation.objects.all(), annotation_id)
    if annotation.deleted_at is not None:
        raise Http404
    return _annotation(response, annotation)


@router.patch(
    "/annotations/{uuid:annotation_id}",
    auth=ANNOTATE,
    tags=["Annotations"],
    response={200: AnnotationOut, **problems(404, 409, 412, 428)},
    openapi_extra=IF_MATCH,
)
def change_annotation(
    request: ApiRequest, response: HttpResponse, annotation_id: UUID, body: AnnotationPatch
) -> AnnotationOut:
    """Change an annotation of yours.

    Another label drops the attributes that it does not know, and the links it may not have.
    """
    annotation = _find(request, Annotation.objects.all(), annotation_id)
    version = version_seen(request, annotation.version)
    changes = body.model_dump(exclude_unset=True)
    if "label" in changes:
        changes["label"] = _label(annotation.project_id, changes["label"])
    annotation = services.change_annotation(
        actor=request.user, annotation=annotation, version=version, **changes
    )
    return _annotation(response, annotation)


@router.delete(
    "/annotations/{uuid:annotation_id}",
    auth=ANNOTATE,
    tags=["Annotations"],
    response={204: None, **problems(404, 409, 412, 428)},
    openapi_extra=IF_MATCH,
)
def delete_annotation(request: ApiRequest, annotation_id: UUID) -> Status[None]:
    """Delete an annotation of yours, and its links. Deleting it again changes nothing."""
    annotation = _find(request, Annotation.objects.all(), annotation_id)
    version = version_seen(request, annotation.version)
    services.delete_annotation(actor=request.user, annotation=annotation, version=version)
    return Status(204, None)


@router.get(
    "/articles/{uuid:article_id}/relations",
    auth=READ,
    tags=["Relations"],
    response={200: Relations, **problems(404)},
    exclude_unset=True,
    by_alias=True,
)
def list_relations(request: ApiRequest, article_id: UUID, asked: Query[LayerQuery]) -> Relations:
    """An article's relations, in the order in which they were made."""
    article = find_article(request, article_id)
    layers = layers_named(request.user, article, asked.layer)
    rows = Relation.objects.live().filter(article=article, layer__in=layers)
    ordered = _whole(rows.order_by("created_at", "id"))
    return listed(request, ordered, asked, Relations, RelationOut.of)


@router.post(
    "/articles/{uuid:article_id}/relations",
    auth=ANNOTATE,
    tags=["Relations"],
    response={201: RelationOut, 200: RelationOut, **problems(404, 409)},
    by_alias=True,
)
def create_relation(
    request: ApiRequest, response: HttpResponse, article_id: UUID, body: RelationIn
) -> Status[RelationOut]:
    """Link an annotation of yours to another, or to a name that the text does not give.

    What may not be joined is 422 `relation_invalid`; joined already is 409 `duplicate_relation`.
    """
    article = find_article(request, article_id)
    relation, is_new = relation_services.link_annotations(
        actor=request.user,
        label=_relation_label(article, body.type),
        source=_end(request, article, body.from_, "from"),
        target=_end(request, article, body.to, "to") if body.to else None,
        target_name=body.to_name,
        chosen_id=body.id,
    )
    relation = _whole(Relation.objects.all()).get(pk=relation.pk)
    address = reverse("api:get_relation", args=[relation.pk])
    return created(response, _relation(response, relation), address, is_new)


@router.get(
    "/relations/{uuid:relation_id}",
    auth=READ,
    tags=["Relations"],
    response={200: RelationOut, **problems(404)},
    by_alias=True,
)
def get_relation(request: ApiRequest, response: HttpResponse, relation_id: UUID) -> RelationOut:
    """One relation; 404 when it is deleted."""
    relation = _find(request, Relation.objects.all(), relation_id)
    if relation.deleted_at is not None:
        raise Http404
    return _relation(response, relation)


@router.delete(
    "/relations/{uuid:relation_id}",
    auth=ANNOTATE,
    tags=["Relations"],
    response={204: None, **problems(404, 409, 412, 428)},
    openapi_extra=IF_MATCH,
)
def delete_relation(request: ApiRequest, relation_id: UUID) -> Status[None]:
    """Delete a relation of yours. Deleting it again changes nothing."""
    relation = _find(request, Relation.objects.all(), relation_id)
    version = version_seen(request, relation.version)
    relation_services.unlink(actor=request.user, relation=relation, version=version)
    return Status(204, None)


def _label(project_id: int, key: str) -> Label:
    label = Label.objects.filter(project=project_id, key=key).first()
    if label is None:
        raise LabelUnknown()
    return label


def _relation_label(article: Article, key: str) -> Label:
    label = Label.objects.relations().filter(project=article.project_id, key=key).first()
    if label is None:
        raise RelationInvalid("The project has no such relation.", field="type")
    return label


def _end(request: ApiRequest, article: Article, annotation_id: UUID, field: str) -> Annotation:
    """The annotation at an end of a link, if it is of this article and the caller may read it."""
    end = _whole(Annotation.objects.filter(article=article, pk=annotation_id)).first()
    if end is None or not _may_read(request, end.layer):
        raise RelationInvalid("There is no such annotation in this article.", field=field)
    return end


def _find[Row: (Annotation, Relation)](
    request: ApiRequest, rows: QuerySet[Row], row_id: UUID
) -> Row:
    """The one of ``rows`` with this id, deleted or not, if the caller may read it; else 404."""
    row = get_object_or_404(_whole(rows).filter(article__in=articles_reached(request)), pk=row_id)
    if not _may_read(request, row.layer):
        raise Http404
    return row


def _may_read(request: ApiRequest, layer: Layer) -> bool:
    return can_read(request.user, role_in(layer.project, request.user), layer)


def _whole[Row: (Annotation, Relation)](rows: QuerySet[Row]) -> QuerySet[Row]:
    """``rows`` with all that their shape shows, and what tells who may read them."""
    return rows.select_related("label", "layer__annotator", "layer__project")


def _annotation(response: HttpResponse, annotation: Annotation) -> AnnotationOut:
    response["ETag"] = etag(annotation.version)
    span = (annotation.start, annotation.end)
    return AnnotationOut.of(annotation, read_ranges(annotation.revision_id, [span])[span])


def _relation(response: HttpResponse, relation: Relation) -> RelationOut:
    response["ETag"] = etag(relation.version)
    return RelationOut.of(relation)
