"""What the API takes and gives about agreement."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from newsdesk.api_shapes import Asked

MetricKey = Literal[
    "f1_exact", "f1_overlap", "alpha_unitizing", "gamma", "relation_f1", "attribute_alpha",
    "kappa_tokens",
]  # fmt: skip


class AgreementQuery(Asked):
    """Which figure to answer with."""

    metric: MetricKey = Field("f1_exact", description="The measure.")
    label: str = Field(
        "", description="A label's key: as if there were only annotations, or links, of it."
    )


class FigureOut(BaseModel):
    value: float | None = Field(description="1 when all agree; null where it is undefined.")
    reason: str | None = Field(description="Why there is no value.")
    low: float | None = Field(description="Of a 95 % interval, where the measure has one.")
    high: float | None
    n_articles: int = Field(description="On how many articles it rests.")
    n_annotations: int = Field(description="How many annotations, links or words it compares.")


class OfLabelOut(FigureOut):
    label: str
    attribute: str | None = Field(description="With `attribute_alpha`: which question.")


class OfPairOut(FigureOut):
    annotators: list[str] = Field(description="The names of two layers.")


class AgreementOut(FigureOut):
    """A measure of all the work handed in on articles that you may see."""

    metric: MetricKey
    label: str | None
    per_label: list[OfLabelOut] = Field(description="Empty for `gamma` and `kappa_tokens`.")
    per_pair: list[OfPairOut] = Field(
        description="Of each two annotators, for the F1 figures and `alpha_unitizing`."
    )
    computed_at: datetime | None = Field(description="Null while it is measured first.")
