"""Train a spaCy span model on gold, for a few rounds: enough to see that it learns."""

import os

import spacy
from newsdesk_client import Newsdesk
from spacy.training import Example

project = Newsdesk(os.environ["NEWSDESK_URL"], os.environ["NEWSDESK_TOKEN"]).project(
    os.environ["NEWSDESK_PROJECT"]
)
nlp = spacy.blank("en")
nlp.add_pipe("spancat")
examples = []
for record in project.records(layers="gold"):
    doc, gold = nlp.make_doc(record["text"]), nlp.make_doc(record["text"])
    gold.spans["sc"] = [
        gold.char_span(one["start"], one["end"], one["label"], alignment_mode="expand")
        for one in record["annotations"]
    ]
    examples.append(Example(doc, gold))

nlp.initialize(lambda: examples)
for _ in range(5):
    print(nlp.update(examples)["spancat"])
