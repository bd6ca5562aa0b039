"""Ask for one more annotator where those who are done disagree."""

from articles.desk.recording import Recording
from articles.intake.models import Article

#: Annotators that an article can have.
MOST_PLACES = 5


def raise_on_disagreement(recording: Recording, article: Article, agreement: float | None) -> bool:
    """Give ``article``, which is locked, one place more if its project wants that for so little
    ``agreement`` (0 to 1); whether it did. Undefined agreement raises nothing."""
    below = article.project.raise_below
    if below is None or agreement is None or agreement * 100 >= below:
        return False
    if article.places >= MOST_PLACES:
        return False
    recording.touching(article)
    article.annotators_wanted = article.places + 1
    article.version += 1
    article.save(update_fields=["annotators_wanted", "version"])
    return True
