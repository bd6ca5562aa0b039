"""Articles, pages and people for the tests of what comes in; all invented."""

from articles.desk.models import Project
from articles.intake.incoming import pasted
from articles.intake.models import Article
from articles.intake.services import add_article
from tests.desk.people import manager_of

STORY = """Ferry strike ends after nine days

The crews of the Skerry ferries go back to work on Monday, their union said on Tuesday night.

“We did not win, but we were not moved either,” said Hedda Vance, who led the talks. 📰
"""

#: A page with what newsrooms' pages have around their articles.
PAGE = """<!doctype html>
<html lang="en-GB">
<head>
  <meta charset="utf-8">
  <title>Ferry strike ends after nine days | The Skerry Bugle</title>
  <meta name="author" content="Ida Brakespear">
  <meta property="og:site_name" content="The Skerry Bugle">
  <meta property="og:title" content="Ferry strike ends after nine days">
  <meta property="article:published_time" content="2024-03-05T06:30:00+01:00">
  <meta name="description" content="Crews return with a rise of 4.1 per cent, half their demand.">
  <link rel="canonical" href="https://bugle.example/ferries/strike-ends">
  <script>document.title = "not the article’s"</script>
</head>
<body>
  <header><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav></header>
  <article>
    <h1>Ferry strike ends after nine days</h1>
    <p class="intro">Crews return with a rise of 4.1 per cent, half their demand.</p>
    <p>The crews of the Skerry ferries will go back to work on Monday after a strike of nine days,
    the longest in the history of the line, their union said on Tuesday night.</p>
    <figure><picture><img src="a.jpg" alt="A ferry at the quay"></picture>
      <figcaption>The Petrel at her berth, with <b>nobody</b> on board</figcaption></figure>
    <p>“We did not win, but we were not moved either,” said <strong>Hedda Vance</strong>, who led
    the talks for the crews. She asked passengers for patience until the timetable is back.</p>
    <blockquote><p>A boat that does not sail costs more than a crew that is paid.</p></blockquote>
    <ul>
      <li>A rise of 4.1 per cent from April, paid in two steps</li>
      <li>Two free weekends in <em>every</em> month</li>
    </ul>
    <p>The company said that the agreement would cost £1.2m a year, and that fares would not rise
    before the summer. It thanked the islands for their patience.</p>
  </article>
  <aside><p>Sign up to our newsletter</p></aside>
  <footer><p>© The Skerry Bugle</p></footer>
</body>
</html>
"""


def make_article(project: Project, text: str = STORY, **details: object) -> Article:
    """An article that the project's manager pasted in."""
    incoming = pasted(text, **details)
    article, _ = add_article(actor=manager_of(project), project=project, incoming=incoming)
    return article
