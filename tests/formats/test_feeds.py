"""RSS and Atom."""

import io

from articles.formats.feeds import LARGEST_FEED, read
from articles.formats.shapes import Found
from articles.imports.records import parse_record

RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>The Bugle &amp; Post</title><language>en-gb</language>
<item><title>📰 Quay &amp; pier open</title><link>https://bugle.example/1</link>
<guid isPermaLink="false">bugle-1</guid><dc:creator>Ida Brakespear</dc:creator>
<pubDate>Tue, 05 Mar 2024 06:30:00 +0100</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>It <b>opened</b>.</p>
<p>At last.</p><script>no()</script>]]></content:encoded>
</item>
<item><title>Only a title</title><link>https://bugle.example/2</link></item>
<item><title>A summary</title><description>One &lt;i&gt;sentence&lt;/i&gt;.</description></item>
</channel></rss>"""
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Bote</title>
<entry><title type="html">Kai &lt;b&gt;offen&lt;/b&gt;</title><id>urn:bote:1</id>
<link href="https://bote.example/1"/><updated>2024-03-05T06:30:00Z</updated>
<author><name>Zoë Hart</name></author>
<content type="xhtml">
<div xmlns="http://www.w3.org/1999/xhtml"><p>Der Kai ist offen.</p></div></content>
</entry></feed>"""


def found_in(feed: str) -> list[Found]:
    return list(read(io.BytesIO(feed.encode())))


def test_each_entry_with_a_text_is_an_article() -> None:
    whole, title_only, summary = found_in(RSS)

    assert whole.record is not None
    assert whole.record["text"] == "📰 Quay & pier open\n\nIt opened.\n\nAt last."
    incoming = parse_record(whole.record).incoming
    assert (incoming.publisher, incoming.byline) == ("The Bugle & Post", "Ida Brakespear")
    assert (incoming.external_id, incoming.language) == ("bugle-1", "en-gb")
    assert whole.record["published_at"] == "2024-03-05T05:30:00+00:00"
    assert (title_only.number, title_only.code) == (2, "text_empty")
    assert summary.record is not None
    assert summary.record["text"] == "A summary\n\nOne sentence."


def test_atom_is_read_too() -> None:
    (found,) = found_in(ATOM)

    assert found.record is not None
    assert found.record["text"] == "Kai offen\n\nDer Kai ist offen."
    assert (found.record["byline"], found.record["language"]) == ("Zoë Hart", "de")


def test_what_is_no_feed_is_refused() -> None:
    entities = [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9)]
    bomb = (
        f"<!DOCTYPE rss [<!ENTITY a0 'aaaaaaaaaa'>{''.join(entities)}]>"
        "<rss version='2.0'><channel><title>&a8;</title></channel></rss>"
    )
    for feed in ("", "<html></html>", "nonsense", bomb, " " * (LARGEST_FEED + 1)):
        (found,) = found_in(feed)
        assert found.record is None


def test_a_feed_reads_no_files_of_this_machine() -> None:
    outside = RSS.replace(
        '<?xml version="1.0"?>',
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ).replace("Only a title</title>", "B</title><description>&x; and so on.</description>")

    assert "root:" not in str(found_in(outside))
