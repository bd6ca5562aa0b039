"""Triggers for the rules that span tables, and for what may never change.

Each refusal carries the name of its rule as the constraint name, as a CHECK would.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION newsdesk_refuse(rule text, message text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = rule, MESSAGE = message;
END $$
"""

IMMUTABLE = """
CREATE FUNCTION newsdesk_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM newsdesk_refuse(TG_ARGV[0], TG_TABLE_NAME || ' rows are never changed or deleted');
    RETURN NULL;
END $$;
CREATE TRIGGER revision_is_immutable BEFORE UPDATE OR DELETE ON articles_revision
    FOR EACH ROW EXECUTE FUNCTION newsdesk_is_immutable('revision_is_immutable');
CREATE TRIGGER event_is_immutable BEFORE UPDATE OR DELETE ON articles_event
    FOR EACH ROW EXECUTE FUNCTION newsdesk_is_immutable('event_is_immutable');
CREATE TRIGGER verdict_is_immutable BEFORE UPDATE OR DELETE ON articles_verdict
    FOR EACH ROW EXECUTE FUNCTION newsdesk_is_immutable('verdict_is_immutable');
CREATE TRIGGER suggestion_is_immutable BEFORE UPDATE OR DELETE ON articles_suggestion
    FOR EACH ROW EXECUTE FUNCTION newsdesk_is_immutable('suggestion_is_immutable');
CREATE TRIGGER suggestion_verdict_is_immutable BEFORE UPDATE OR DELETE ON articles_suggestionverdict
    FOR EACH ROW EXECUTE FUNCTION newsdesk_is_immutable('suggestion_verdict_is_immutable')
"""

REVISION = """
CREATE FUNCTION newsdesk_revision_is_true() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.length <> char_length(NEW.body) THEN
        PERFORM newsdesk_refuse('revision_length_counts_code_points', 'length is not that of body');
    END IF;
    IF NEW.sha256 <> sha256(convert_to(NEW.body, 'UTF8')) THEN
        PERFORM newsdesk_refuse('revision_sha256_is_of_body', 'sha256 is not that of body');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER revision_is_true BEFORE INSERT ON articles_revision
    FOR EACH ROW EXECUTE FUNCTION newsdesk_revision_is_true()
"""

# What annotations and suggestions have in common: a label, and a span with the hash of its words.
SPAN = """
CREATE FUNCTION newsdesk_check_label(label uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM articles_label WHERE id = label AND kind = 'span' AND retired_at IS NULL) THEN
        PERFORM newsdesk_refuse('annotation_label_is_active', 'the label cannot be given');
    END IF;
END $$;
CREATE FUNCTION newsdesk_check_span(revision uuid, first integer, stop integer, quote_hash bytea)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    text_of record;
BEGIN
    IF first < 0 OR first >= stop THEN -- the CHECKs refuse
        RETURN;
    END IF;
    SELECT length, substr(body, first + 1, stop - first) AS words INTO text_of
        FROM articles_revision WHERE id = revision;
    IF stop > text_of.length THEN
        PERFORM newsdesk_refuse('annotation_span_inside_revision', 'the span ends too late');
    END IF;
    IF quote_hash <> sha256(convert_to(text_of.words, 'UTF8')) THEN
        PERFORM newsdesk_refuse('annotation_quote_equals_text', 'the quote is not the text');
    END IF;
END $$
"""

# A merge of labels is the desk's business and may touch submitted layers: it is known by the old
# label being merged already.
ANNOTATION = """
CREATE FUNCTION newsdesk_annotation_is_true() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    merging boolean := TG_OP = 'UPDATE' AND EXISTS (
        SELECT FROM articles_label WHERE id = OLD.label_id AND merged_into_id = NEW.label_id);
BEGIN
    IF NOT merging AND EXISTS (
        SELECT FROM articles_layer WHERE id = NEW.layer_id
            AND (submitted_at IS NOT NULL OR lapsed_at IS NOT NULL)) THEN
        PERFORM newsdesk_refuse('layer_is_open', 'the layer is submitted, or its place is lost');
    END IF;
    IF TG_OP = 'INSERT' OR (NEW.label_id <> OLD.label_id AND NOT merging) THEN
        PERFORM newsdesk_check_label(NEW.label_id);
    END IF;
    IF TG_OP = 'INSERT' OR (NEW.start, NEW."end", NEW.revision_id, NEW.quote_sha256)
        IS DISTINCT FROM (OLD.start, OLD."end", OLD.revision_id, OLD.quote_sha256) THEN
        PERFORM newsdesk_check_span(NEW.revision_id, NEW.start, NEW."end", NEW.quote_sha256);
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.label_id <> OLD.label_id OR NEW.deleted_at IS NOT NULL)
        AND EXISTS (
            SELECT FROM articles_relation r
            JOIN articles_annotation s ON s.id = r.source_id
            LEFT JOIN articles_annotation t ON t.id = r.target_id
            WHERE r.deleted_at IS NULL AND NEW.id IN (r.source_id, r.target_id)
              AND (NEW.deleted_at IS NOT NULL OR NOT newsdesk_relation_is_allowed(
                  r.label_id,
                  CASE WHEN s.id = NEW.id THEN NEW.label_id ELSE s.label_id END,
                  CASE WHEN t.id = NEW.id THEN NEW.label_id ELSE t.label_id END))) THEN
        PERFORM newsdesk_refuse('relation_ends_fit', 'a relation of this annotation would not fit');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER annotation_is_true BEFORE INSERT OR UPDATE ON articles_annotation
    FOR EACH ROW EXECUTE FUNCTION newsdesk_annotation_is_true()
"""

RELATION = """
CREATE FUNCTION newsdesk_relation_is_allowed(relation uuid, source uuid, target uuid)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM articles_relationrule
        WHERE relation_label_id = relation AND source_label_id = source
          AND (target IS NULL OR target_label_id = target))
$$;
CREATE FUNCTION newsdesk_relation_is_true() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    source record;
    target record;
    merging boolean := TG_OP = 'UPDATE' AND EXISTS (
        SELECT FROM articles_annotation a JOIN articles_label l ON l.id = a.label_id
        WHERE a.id IN (OLD.source_id, OLD.target_id) AND l.merged_into_id IS NOT NULL);
BEGIN
    IF NOT merging AND EXISTS (
        SELECT FROM articles_layer WHERE id = NEW.layer_id
            AND (submitted_at IS NOT NULL OR lapsed_at IS NOT NULL)) THEN
        PERFORM newsdesk_refuse('layer_is_open', 'the layer is submitted, or its place is lost');
    END IF;
    IF NEW.deleted_at IS NULL THEN
        SELECT label_id, deleted_at INTO source FROM articles_annotation WHERE id = NEW.source_id;
        SELECT label_id, deleted_at INTO target FROM articles_annotation WHERE id = NEW.target_id;
        IF source.deleted_at IS NOT NULL OR target.deleted_at IS NOT NULL THEN
            PERFORM newsdesk_refuse('relation_ends_are_live', 'an end of the relation is deleted');
        END IF;
        IF NOT merging AND NOT newsdesk_relation_is_allowed(
            NEW.label_id, source.label_id, target.label_id) THEN
            PERFORM newsdesk_refuse('relation_ends_fit', 'this relation cannot join these labels');
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER relation_is_true BEFORE INSERT OR UPDATE ON articles_relation
    FOR EACH ROW EXECUTE FUNCTION newsdesk_relation_is_true()
"""

# A lease that is over frees a place, but only as long as the work is open: what was handed in
# keeps it. Once review began, only a return opens the work again.
LAYER = """
CREATE FUNCTION newsdesk_layer_is_true() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL AND NEW.submitted_at IS NULL
        AND NEW.returned_at IS NOT DISTINCT FROM OLD.returned_at THEN
        PERFORM newsdesk_refuse('layer_under_review_is_closed', 'review of the layer began');
    END IF;
    IF NEW.submitted_at IS NOT NULL AND OLD.submitted_at IS NULL
        AND OLD.lapsed_at IS NOT NULL THEN
        PERFORM newsdesk_refuse('layer_is_open', 'the place of the layer is lost');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER layer_is_true BEFORE UPDATE ON articles_layer
    FOR EACH ROW EXECUTE FUNCTION newsdesk_layer_is_true()
"""

# Whoever rules holds the review: the verdict, the lease and the end of the review agree.
VERDICT = """
CREATE FUNCTION newsdesk_verdict_is_true() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    standing record;
BEGIN
    SELECT * INTO standing FROM articles_review WHERE article_id = NEW.article_id FOR SHARE;
    IF standing.adjudicated_at IS NOT NULL THEN
        PERFORM newsdesk_refuse('verdict_while_in_review', 'the article is adjudicated');
    END IF;
    IF standing.reviewer_id IS DISTINCT FROM NEW.reviewer_id THEN
        PERFORM newsdesk_refuse('verdict_by_who_holds_the_review', 'somebody else reviews this');
    END IF;
    IF NEW.round <> (SELECT round FROM articles_decision WHERE id = NEW.decision_id) THEN
        PERFORM newsdesk_refuse('verdict_in_the_current_round', 'the decision was opened again');
    END IF;
    IF NEW."end" > (SELECT r.length FROM articles_article a
                    JOIN articles_revision r ON r.id = a.revision_id
                    WHERE a.id = NEW.article_id) THEN
        PERFORM newsdesk_refuse('annotation_span_inside_revision', 'the span ends too late');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER verdict_is_true BEFORE INSERT ON articles_verdict
    FOR EACH ROW EXECUTE FUNCTION newsdesk_verdict_is_true()
"""

SUGGESTION = """
CREATE FUNCTION newsdesk_suggestion_is_true() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM newsdesk_check_label(NEW.label_id);
    PERFORM newsdesk_check_span(NEW.revision_id, NEW.start, NEW."end", NEW.quote_sha256);
    RETURN NEW;
END $$;
CREATE TRIGGER suggestion_is_true BEFORE INSERT ON articles_suggestion
    FOR EACH ROW EXECUTE FUNCTION newsdesk_suggestion_is_true()
"""

# What is ready is frozen, with all its records; a file may be lost, but is never another one.
SNAPSHOT = """
CREATE FUNCTION newsdesk_snapshot_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'ready' THEN
        PERFORM newsdesk_refuse('snapshot_is_frozen', 'the snapshot is frozen');
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER snapshot_is_frozen BEFORE UPDATE OR DELETE ON articles_snapshot
    FOR EACH ROW EXECUTE FUNCTION newsdesk_snapshot_is_frozen();
CREATE FUNCTION newsdesk_snapshot_record_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched articles_snapshotrecord := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF TG_OP = 'UPDATE' OR EXISTS (
        SELECT FROM articles_snapshot WHERE id = touched.snapshot_id AND status = 'ready') THEN
        PERFORM newsdesk_refuse('snapshot_is_frozen', 'the snapshot is frozen');
    END IF;
    RETURN touched;
END $$;
CREATE TRIGGER snapshot_record_is_frozen BEFORE INSERT OR UPDATE OR DELETE
    ON articles_snapshotrecord
    FOR EACH ROW EXECUTE FUNCTION newsdesk_snapshot_record_is_frozen();
CREATE FUNCTION newsdesk_snapshot_file_is_the_same() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.snapshot_id, NEW.format, NEW.variant, NEW.sha256, NEW.size)
        IS DISTINCT FROM (OLD.snapshot_id, OLD.format, OLD.variant, OLD.sha256, OLD.size) THEN
        PERFORM newsdesk_refuse('snapshot_file_is_the_same', 'the file would be another one');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER snapshot_file_is_the_same BEFORE UPDATE ON articles_snapshotfile
    FOR EACH ROW EXECUTE FUNCTION newsdesk_snapshot_file_is_the_same()
"""

# Gold that went into a snapshot is out in the world: it cannot be opened again.
RELEASED = """
CREATE FUNCTION newsdesk_released_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.released_at IS NOT NULL
        AND (NEW.released_at IS NULL OR NEW.adjudicated_at IS DISTINCT FROM OLD.adjudicated_at)
    THEN
        PERFORM newsdesk_refuse('review_released_stays', 'a snapshot holds what was decided');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_released_stays BEFORE UPDATE ON articles_review
    FOR EACH ROW EXECUTE FUNCTION newsdesk_released_stays()
"""

# Who follows the feed reads what is older than every transaction that still runs: nothing can come
# before that any more. PostgreSQL counts the transactions of all databases of a server as one, but
# another database's cannot write an event here. One that ended since the snapshot was taken is
# nobody's in pg_stat_activity, and is waited for, as is a prepared one.
SETTLED = """
CREATE FUNCTION newsdesk_settled_before() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT least(
        min(running::text::bigint),
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
        pg_current_xact_id_if_assigned()::text::bigint
    )
    FROM pg_snapshot_xip(pg_current_snapshot()) AS running
    WHERE NOT EXISTS (
        SELECT FROM pg_stat_activity JOIN pg_database ON pg_database.oid = datid
        WHERE backend_xid = running::xid AND pg_database.datname <> current_database()
    )
$$
"""


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_rows_stay_in_their_project")]
    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION newsdesk_refuse"),
        migrations.RunSQL(IMMUTABLE, "DROP FUNCTION newsdesk_is_immutable CASCADE"),
        migrations.RunSQL(REVISION, "DROP FUNCTION newsdesk_revision_is_true CASCADE"),
        migrations.RunSQL(
            RELATION,
            "DROP FUNCTION newsdesk_relation_is_true CASCADE;"
            "DROP FUNCTION newsdesk_relation_is_allowed",
        ),
        migrations.RunSQL(
            SPAN, "DROP FUNCTION newsdesk_check_label; DROP FUNCTION newsdesk_check_span"
        ),
        migrations.RunSQL(ANNOTATION, "DROP FUNCTION newsdesk_annotation_is_true CASCADE"),
        migrations.RunSQL(LAYER, "DROP FUNCTION newsdesk_layer_is_true CASCADE"),
        migrations.RunSQL(VERDICT, "DROP FUNCTION newsdesk_verdict_is_true CASCADE"),
        migrations.RunSQL(SUGGESTION, "DROP FUNCTION newsdesk_suggestion_is_true CASCADE"),
        migrations.RunSQL(
            SNAPSHOT,
            "DROP FUNCTION newsdesk_snapshot_is_frozen CASCADE;"
            "DROP FUNCTION newsdesk_snapshot_record_is_frozen CASCADE;"
            "DROP FUNCTION newsdesk_snapshot_file_is_the_same CASCADE",
        ),
        migrations.RunSQL(RELEASED, "DROP FUNCTION newsdesk_released_stays CASCADE"),
        migrations.RunSQL(SETTLED, "DROP FUNCTION newsdesk_settled_before"),
        migrations.RunSQL(
            "ALTER TABLE articles_tokenuse SET UNLOGGED", "ALTER TABLE articles_tokenuse SET LOGGED"
        ),
    ]
