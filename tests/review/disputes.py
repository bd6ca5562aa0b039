"""Articles on which several people said different things, submitted and waiting for review."""

from articles.annotations.models import Annotation, Layer
from articles.annotations.services import open_layer
from articles.desk.models import Project, Role, User
from articles.desk.services import change_project
from articles.intake.models import Article
from articles.review.models import Decision
from articles.review.submission_services import submit_layer
from tests.desk.people import join, make_project, make_user, manager_of
from tests.factories import make_annotation, make_article, make_relation

TEXT = (
    "Ferry strike put off again\n\n"
    "“Nobody asked us, not once,” said Zoë Hart, who runs the Pilot café ☕.\n\n"
    "Takings fell by a third. The harbour master, Idris Vaughan, did not reply.\n"
)
#: What somebody marked: a label's key, and the words.
type Said = list[tuple[str, str]]

QUOTE, LONG_QUOTE = "“Nobody asked us, not once,”", "“Nobody asked us, not once,” said"
CLAIM, SOURCE, MASTER = "Takings fell by a third", "Zoë Hart", "Idris Vaughan"


def make_desk(annotators: int = 2, **rules: object) -> tuple[Project, list[User], User]:
    """A project that wants so many annotators, those, and a reviewer."""
    project = make_project("Harbour inquiry")
    rules |= {"annotators_per_article": annotators}
    project = change_project(actor=manager_of(project), project=project, version=1, **rules)
    names = ("ada", "ben", "cyd", "dov", "eve")[:annotators]
    people = [join(project, make_user(name), Role.ANNOTATOR) for name in names]
    return project, people, join(project, make_user("rhea"), Role.REVIEWER)


def annotate(article: Article, who: User, said: Said, *, submit: bool = True) -> list[Annotation]:
    """What ``who`` says about the article, and hands in."""
    layer = open_layer(actor=who, article=article)
    made = [make_annotation(layer, words, label=label) for label, words in said]
    if submit:
        submit_layer(actor=who, layer=layer)
    return made


def link(source: Annotation, target: Annotation) -> None:
    make_relation(source=source, target=target)


def layer_of(article: Article, who: User) -> Layer:
    return article.layers.get(annotator=who)


def make_dispute(project: Project, people: list[User], *said: Said) -> Article:
    """An article in review on which each of ``people`` said their own."""
    article = make_article(project, TEXT)
    for who, words in zip(people, said, strict=True):
        annotate(article, who, words)
    return Article.objects.select_related("project").get(pk=article.pk)


def kinds(article: Article) -> list[str]:
    return [one.kind for one in article.decisions.in_reading_order()]


def only(article: Article, kind: str) -> Decision:
    return article.decisions.select_related("article__project").get(kind=kind)
