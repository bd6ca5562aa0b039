"""What snapshots and their pages read; each says what it costs."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from articles.annotations.models import Layer
from articles.datasets.card import Agreed
from articles.datasets.models import Snapshot, SnapshotQuerySet, SnapshotRecord
from articles.datasets.queries import articles_going_out, chosen_layers, passing
from articles.desk.models import Project, User
from articles.intake import gates
from articles.intake.models import Article, ArticleQuerySet
from articles.review.agreement_f1 import relation_f1, span_f1
from articles.review.agreement_unitizing import unitizing_alpha
from articles.review.dashboard_queries import works
from articles.review.listing import ArticleFilters

# COPY needs memory for one line, and no cursor that outlives its transaction.
LINES = "COPY (SELECT line FROM articles_snapshotrecord WHERE snapshot_id = '{}' ORDER BY position)"
# Articles of two snapshots side by side, unless they are the same to the byte.
DIFFERENT = """
SELECT coalesce(old.article_id, new.article_id) AS article, old.line, new.line
FROM (SELECT * FROM articles_snapshotrecord WHERE snapshot_id = %(old)s) AS old
FULL JOIN (SELECT * FROM articles_snapshotrecord WHERE snapshot_id = %(new)s) AS new
    USING (article_id)
WHERE old.sha256 IS DISTINCT FROM new.sha256
ORDER BY article
"""


def chosen_articles(
    project: Project, user: User, layers: str, filters: Mapping[str, Any]
) -> ArticleQuerySet:
    """What a snapshot of ``user`` would hold now: articles that may go out, with such work.

    ``gold`` are those that are adjudicated, ``submitted`` those on which somebody handed in.
    Excluded ones are not there, unless ``filters`` ask for them; see ``ArticleFilters``.

    Raises:
        Invalid: if a filter makes no sense.
    """
    articles = articles_going_out(project, user)
    if filters.get("status") != Article.Placement.EXCLUDED:
        articles = articles.exclude(placement=Article.Placement.EXCLUDED)
    if layers == "gold":
        articles = articles.filter(review__adjudicated_at__isnull=False)
    elif layers == "submitted":
        articles = articles.filter(Exists(_work().submitted()))
    return passing(articles, ArticleFilters(**filters), project, user)


def annotation_count(project: Project, articles: ArticleQuerySet, layers: str) -> int:
    """How many annotations a snapshot of ``articles`` would hold. One query."""
    work = chosen_layers(project, layers).filter(article__in=articles.values("pk"))
    counted: int = work.aggregate(n=Coalesce(Sum("annotation_count"), 0))["n"]
    return counted


def adjudicated_count(project: Project, user: User) -> int:
    """Articles with gold that ``user`` could take out. One query."""
    return chosen_articles(project, user, "gold", {}).count()


def snapshots_of(project: Project) -> SnapshotQuerySet:
    """All of the project, newest first, with who made them, without their cards. One query."""
    rows = Snapshot.objects.filter(project=project).newest_first()
    return rows.select_related("made_by", "project").defer("card")


def running_beside(snapshot: Snapshot) -> int:
    """How many others, of any project, are being frozen. One query."""
    running = Snapshot.objects.filter(status=Snapshot.Status.RUNNING)
    return running.exclude(pk=snapshot.pk).count()


def version_before(snapshot: Snapshot) -> Snapshot | None:
    """The newest frozen one of the same name before ``snapshot``. One query."""
    earlier = snapshots_of(snapshot.project).ready().filter(name=snapshot.name)
    return earlier.filter(number__lt=snapshot.number).order_by("-number").first()


def lines_of(snapshot_id: UUID) -> Iterator[bytes]:
    """The canonical bytes of a snapshot, a line at a time; memory for one."""
    with connection.cursor() as cursor:
        statement = f"{LINES.format(UUID(str(snapshot_id)))} TO STDOUT (FORMAT binary)"
        with cursor.copy(statement) as copy:
            copy.set_types(["text"])
            for (line,) in copy.rows():
                yield line.encode() + b"\n"


def different_records(old: Snapshot, new: Snapshot) -> Iterator[tuple[str | None, str | None]]:
    """The lines of each article that is in one of the two only, or otherwise in both, by the
    article's id. Must be read in a transaction; memory for 50 articles."""
    with connection.connection.cursor(name="different_records") as cursor:
        cursor.itersize = 50
        cursor.execute(DIFFERENT, {"old": old.pk, "new": new.pk})
        for _article, before, after in cursor:
            yield before, after


def equal_count(old: Snapshot, new: Snapshot) -> int:
    """How many articles are in both, the same to the byte. One query."""
    same = SnapshotRecord.objects.filter(
        snapshot=new, article=OuterRef("article"), sha256=OuterRef("sha256")
    )
    return old.records.filter(Exists(same)).count()


def kept_in(snapshot: Snapshot) -> QuerySet[Article]:
    """Articles of the snapshot that may not go out any more, whoever asks, in their order."""
    stays = gates.hidden() | Q(not_for_training=True)
    held = SnapshotRecord.objects.filter(snapshot=snapshot)
    return Article.objects.filter(stays, pk__in=held.values("article")).in_intake_order()


def kept_from(snapshot: Snapshot, user: User) -> QuerySet[Article]:
    """Sensitive articles of the snapshot for which ``user`` is not cleared."""
    held = SnapshotRecord.objects.filter(snapshot=snapshot)
    sensitive = Article.objects.filter(is_sensitive=True, pk__in=held.values("article"))
    return sensitive.exclude(pk__in=Article.objects.filter(gates.open_to(user)).values("pk"))


def withheld_ids(snapshots: QuerySet[Snapshot]) -> set[UUID]:
    """Which of ``snapshots`` hold articles that may not go out any more. One query."""
    stays = gates.hidden() | Q(not_for_training=True)
    held = SnapshotRecord.objects.filter(
        snapshot__in=snapshots.order_by().values("pk"),
        article__in=Article.objects.filter(stays).values("pk"),
    )
    return set(held.values_list("snapshot", flat=True).distinct())


def agreed_in(snapshot: Snapshot) -> Agreed:
    """How alike annotators were in what they handed in on the snapshot's articles, as all stands
    now. Three queries; memory as for ``works``."""
    handed_in = Layer.objects.submitted().filter(article__in=snapshot.records.values("article"))
    compared = works(handed_in, with_words=False)
    return Agreed(
        spans=span_f1(compared, exact=True),
        alpha=unitizing_alpha(compared),
        links=relation_f1(compared, exact=False),
    )


def _work() -> Any:
    return Layer.objects.filter(article=OuterRef("pk"))
