"""How alike the annotators of one article are."""

from collections import defaultdict
from collections.abc import Hashable

from django.db.models import F

from articles.annotations.models import Annotation
from articles.intake.models import Article
from articles.review.agreement import Labelled, Layer, Work
from articles.review.agreement_f1 import span_f1


def agreement_of(article: Article) -> float | None:
    """The exact span F1 over each two submitted layers; 1 when all made the same annotations.

    ``None`` where it is undefined: fewer than two layers are submitted, or nobody marked
    anything. Two queries.
    """
    layers = list(article.layers.submitted().values_list("pk", flat=True))
    if len(layers) < 2:
        return None
    found: dict[Hashable, list[Labelled]] = defaultdict(list)
    rows = Annotation.objects.live().filter(layer__in=layers, revision=F("article__revision"))
    for layer, label, start, end in rows.values_list("layer_id", "label__key", "start", "end"):
        found[layer].append(Labelled(start, end, label))
    reach = max((one.end for marked in found.values() for one in marked), default=1)
    work = Work(reach, {layer: Layer(found[layer]) for layer in layers})
    return span_f1([work], exact=True).overall.value
