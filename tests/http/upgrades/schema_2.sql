-- Tables of version 2 as the collector created them, and $ROWS responses of November 2016: one a minute,
-- scores 0 to 10 and one without in turn, a third from the page and the others from links, every second on the plan `pro`.
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE key ( digest TEXT PRIMARY KEY, role TEXT NOT NULL, name TEXT, created INTEGER, used INTEGER, expires
    INTEGER ) WITHOUT ROWID;
CREATE TABLE survey (version INTEGER PRIMARY KEY, at INTEGER NOT NULL, settings TEXT NOT NULL);
CREATE TABLE response ( id BLOB PRIMARY KEY, number INTEGER NOT NULL, at INTEGER NOT NULL, timed INTEGER NOT NULL, day
    INTEGER NOT NULL, variant TEXT NOT NULL, channel TEXT NOT NULL, score INTEGER, score_ms INTEGER, bucket INTEGER,
    comment TEXT, comment_ms INTEGER, shown INTEGER NOT NULL, dismissed INTEGER NOT NULL, lang TEXT, page TEXT, user TEXT,
    properties TEXT, answers TEXT, consents TEXT, tags TEXT, note TEXT, state INTEGER, assignee TEXT, due INTEGER,
    contacted INTEGER, told INTEGER NOT NULL DEFAULT 0 ) WITHOUT ROWID;
CREATE INDEX response_untimed ON response (at, id) WHERE timed = 0;
CREATE INDEX response_case ON response (state, due) WHERE state IS NOT NULL;
CREATE INDEX response_user ON response (user, at) WHERE user IS NOT NULL;
CREATE TABLE contact (id BLOB PRIMARY KEY, contact TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 ( comment, id UNINDEXED, content = '', contentless_delete = 1,
    contentless_unindexed = 1, tokenize = 'unicode61 remove_diacritics 2' );
CREATE TRIGGER comment_added AFTER INSERT ON response WHEN NEW.comment IS NOT NULL BEGIN INSERT OR REPLACE INTO words
    (rowid, comment, id) VALUES (NEW.number, NEW.comment, NEW.id); END;
CREATE TRIGGER comment_changed AFTER UPDATE OF comment ON response WHEN NEW.comment IS NOT OLD.comment BEGIN DELETE
    FROM words WHERE rowid = OLD.number; INSERT INTO words (rowid, comment, id) SELECT NEW.number, NEW.comment, NEW.id
    WHERE NEW.comment IS NOT NULL; END;
CREATE TRIGGER comment_removed AFTER DELETE ON response WHEN OLD.comment IS NOT NULL BEGIN DELETE FROM words WHERE
    rowid = OLD.number; END;
CREATE TRIGGER case_added AFTER INSERT ON response WHEN NEW.score IS NOT NULL AND NEW.state IS NULL AND (NEW.user IS
    NOT NULL OR EXISTS (SELECT 1 FROM contact WHERE id = NEW.id)) BEGIN UPDATE response SET state = 0, due = CASE WHEN
    NEW.score <= 6 THEN NEW.at + 86400000 END WHERE id = NEW.id; END;
CREATE TRIGGER case_scored AFTER UPDATE OF score, user ON response WHEN NEW.score IS NOT NULL AND (NEW.score IS NOT
    OLD.score OR NEW.user IS NOT OLD.user) AND ifnull(NEW.state, 0) = 0 AND (NEW.state = 0 OR NEW.user IS NOT NULL OR
    EXISTS (SELECT 1 FROM contact WHERE id = NEW.id)) BEGIN UPDATE response SET state = 0, due = CASE WHEN NEW.score <= 6
    THEN NEW.at + 86400000 END WHERE id = NEW.id; END;
CREATE TRIGGER case_reachable AFTER INSERT ON contact BEGIN UPDATE response SET state = 0, due = CASE WHEN score <= 6
    THEN at + 86400000 END WHERE id = NEW.id AND score IS NOT NULL AND state IS NULL; END;
CREATE TABLE property (slot INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, path TEXT NOT NULL, upto BLOB NOT NULL);
CREATE TABLE value (property INTEGER NOT NULL, number INTEGER NOT NULL, text TEXT, PRIMARY KEY (property, number))
    WITHOUT ROWID;
CREATE UNIQUE INDEX value_text ON value (property, text);
CREATE TABLE due (kind TEXT NOT NULL, subject TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (kind, subject)) WITHOUT
    ROWID;
CREATE TABLE note (id TEXT PRIMARY KEY, day INTEGER NOT NULL, text TEXT NOT NULL, public INTEGER NOT NULL, created
    INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE webhook ( id TEXT PRIMARY KEY, name TEXT, url TEXT NOT NULL, events TEXT NOT NULL, format TEXT NOT NULL,
    generation INTEGER NOT NULL, rotated INTEGER, created INTEGER NOT NULL, failures INTEGER NOT NULL DEFAULT 0, paused
    INTEGER, paused_why TEXT ) WITHOUT ROWID;
CREATE TABLE delivery ( id INTEGER PRIMARY KEY AUTOINCREMENT, webhook TEXT NOT NULL, event TEXT NOT NULL, subject TEXT
    NOT NULL, body TEXT NOT NULL, created INTEGER NOT NULL, state TEXT NOT NULL );
CREATE INDEX delivery_of ON delivery (webhook, state, id);
CREATE TABLE attempt ( delivery INTEGER NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, status INTEGER, error
    TEXT, ms INTEGER NOT NULL, PRIMARY KEY (delivery, number) ) WITHOUT ROWID;
CREATE TRIGGER delivery_removed AFTER DELETE ON delivery BEGIN DELETE FROM attempt WHERE delivery = OLD.id; END;
CREATE TABLE day ( property INTEGER NOT NULL, variant TEXT NOT NULL, day INTEGER NOT NULL, value INTEGER NOT NULL, s0
    INTEGER NOT NULL, s1 INTEGER NOT NULL, s2 INTEGER NOT NULL, s3 INTEGER NOT NULL, s4 INTEGER NOT NULL, s5 INTEGER NOT
    NULL, s6 INTEGER NOT NULL, s7 INTEGER NOT NULL, s8 INTEGER NOT NULL, s9 INTEGER NOT NULL, s10 INTEGER NOT NULL, shown
    INTEGER NOT NULL, answered INTEGER NOT NULL, dismissed INTEGER NOT NULL, commented INTEGER NOT NULL, n INTEGER NOT
    NULL, t0 INTEGER NOT NULL, t1 INTEGER NOT NULL, t2 INTEGER NOT NULL, t3 INTEGER NOT NULL, t4 INTEGER NOT NULL, t5
    INTEGER NOT NULL, t6 INTEGER NOT NULL, t7 INTEGER NOT NULL, t8 INTEGER NOT NULL, t9 INTEGER NOT NULL, t10 INTEGER NOT
    NULL, t11 INTEGER NOT NULL, t12 INTEGER NOT NULL, t13 INTEGER NOT NULL, t14 INTEGER NOT NULL, t15 INTEGER NOT NULL,
    t16 INTEGER NOT NULL, t17 INTEGER NOT NULL, t18 INTEGER NOT NULL, t19 INTEGER NOT NULL, t20 INTEGER NOT NULL, t21
    INTEGER NOT NULL, t22 INTEGER NOT NULL, t23 INTEGER NOT NULL, t24 INTEGER NOT NULL, t25 INTEGER NOT NULL, t26 INTEGER
    NOT NULL, t27 INTEGER NOT NULL, t28 INTEGER NOT NULL, t29 INTEGER NOT NULL, t30 INTEGER NOT NULL, t31 INTEGER NOT
    NULL, PRIMARY KEY (property, variant, day, value) ) WITHOUT ROWID;
CREATE TRIGGER response_added AFTER INSERT ON response BEGIN INSERT INTO value (property, number, text) SELECT slot, 1
    + (SELECT count(*) FROM value WHERE property = slot), text FROM (SELECT p.slot AS slot, CASE p.name WHEN 'channel'
    THEN NEW.channel WHEN 'page' THEN NEW.page WHEN 'lang' THEN NEW.lang ELSE NEW.properties ->> p.path END AS text FROM
    property AS p WHERE NEW.id <= p.upto) AS given WHERE text IS NOT NULL AND NOT EXISTS (SELECT 1 FROM value AS v WHERE
    v.property = slot AND v.text = given.text) AND (SELECT count(*) FROM value WHERE property = slot) < 200; INSERT INTO
    day (property, variant, day, value, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, shown, answered, dismissed,
    commented, n, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16, t17, t18, t19, t20, t21, t22,
    t23, t24, t25, t26, t27, t28, t29, t30, t31) SELECT slot, NEW.variant, NEW.day, CASE WHEN text IS NULL THEN 0 ELSE
    ifnull((SELECT v.number FROM value AS v WHERE v.property = slot AND v.text = given.text), -1) END, (NEW.score IS 0) AS
    s0, (NEW.score IS 1) AS s1, (NEW.score IS 2) AS s2, (NEW.score IS 3) AS s3, (NEW.score IS 4) AS s4, (NEW.score IS 5)
    AS s5, (NEW.score IS 6) AS s6, (NEW.score IS 7) AS s7, (NEW.score IS 8) AS s8, (NEW.score IS 9) AS s9, (NEW.score IS
    10) AS s10, (NEW.shown) AS shown, (NEW.shown AND NEW.score IS NOT NULL) AS answered, (NEW.dismissed AND NEW.score IS
    NULL) AS dismissed, (NEW.comment IS NOT NULL AND NEW.score IS NOT NULL) AS commented, (1) AS n, (NEW.bucket IS 0) AS
    t0, (NEW.bucket IS 1) AS t1, (NEW.bucket IS 2) AS t2, (NEW.bucket IS 3) AS t3, (NEW.bucket IS 4) AS t4, (NEW.bucket IS
    5) AS t5, (NEW.bucket IS 6) AS t6, (NEW.bucket IS 7) AS t7, (NEW.bucket IS 8) AS t8, (NEW.bucket IS 9) AS t9,
    (NEW.bucket IS 10) AS t10, (NEW.bucket IS 11) AS t11, (NEW.bucket IS 12) AS t12, (NEW.bucket IS 13) AS t13,
    (NEW.bucket IS 14) AS t14, (NEW.bucket IS 15) AS t15, (NEW.bucket IS 16) AS t16, (NEW.bucket IS 17) AS t17,
    (NEW.bucket IS 18) AS t18, (NEW.bucket IS 19) AS t19, (NEW.bucket IS 20) AS t20, (NEW.bucket IS 21) AS t21,
    (NEW.bucket IS 22) AS t22, (NEW.bucket IS 23) AS t23, (NEW.bucket IS 24) AS t24, (NEW.bucket IS 25) AS t25,
    (NEW.bucket IS 26) AS t26, (NEW.bucket IS 27) AS t27, (NEW.bucket IS 28) AS t28, (NEW.bucket IS 29) AS t29,
    (NEW.bucket IS 30) AS t30, (NEW.bucket IS 31) AS t31 FROM (SELECT p.slot AS slot, CASE p.name WHEN 'channel' THEN
    NEW.channel WHEN 'page' THEN NEW.page WHEN 'lang' THEN NEW.lang ELSE NEW.properties ->> p.path END AS text FROM
    property AS p WHERE NEW.id <= p.upto) AS given WHERE true ON CONFLICT (property, variant, day, value) DO UPDATE SET s0
    = s0 + excluded.s0, s1 = s1 + excluded.s1, s2 = s2 + excluded.s2, s3 = s3 + excluded.s3, s4 = s4 + excluded.s4, s5 =
    s5 + excluded.s5, s6 = s6 + excluded.s6, s7 = s7 + excluded.s7, s8 = s8 + excluded.s8, s9 = s9 + excluded.s9, s10 =
    s10 + excluded.s10, shown = shown + excluded.shown, answered = answered + excluded.answered, dismissed = dismissed +
    excluded.dismissed, commented = commented + excluded.commented, n = n + excluded.n, t0 = t0 + excluded.t0, t1 = t1 +
    excluded.t1, t2 = t2 + excluded.t2, t3 = t3 + excluded.t3, t4 = t4 + excluded.t4, t5 = t5 + excluded.t5, t6 = t6 +
    excluded.t6, t7 = t7 + excluded.t7, t8 = t8 + excluded.t8, t9 = t9 + excluded.t9, t10 = t10 + excluded.t10, t11 = t11
    + excluded.t11, t12 = t12 + excluded.t12, t13 = t13 + excluded.t13, t14 = t14 + excluded.t14, t15 = t15 +
    excluded.t15, t16 = t16 + excluded.t16, t17 = t17 + excluded.t17, t18 = t18 + excluded.t18, t19 = t19 + excluded.t19,
    t20 = t20 + excluded.t20, t21 = t21 + excluded.t21, t22 = t22 + excluded.t22, t23 = t23 + excluded.t23, t24 = t24 +
    excluded.t24, t25 = t25 + excluded.t25, t26 = t26 + excluded.t26, t27 = t27 + excluded.t27, t28 = t28 + excluded.t28,
    t29 = t29 + excluded.t29, t30 = t30 + excluded.t30, t31 = t31 + excluded.t31; END;
CREATE TRIGGER response_changed AFTER UPDATE ON response WHEN (NEW.score, NEW.bucket, NEW.shown, NEW.dismissed,
    NEW.comment IS NULL, NEW.day, NEW.lang, NEW.page, NEW.properties) IS NOT (OLD.score, OLD.bucket, OLD.shown,
    OLD.dismissed, OLD.comment IS NULL, OLD.day, OLD.lang, OLD.page, OLD.properties) BEGIN INSERT INTO value (property,
    number, text) SELECT slot, 1 + (SELECT count(*) FROM value WHERE property = slot), text FROM (SELECT p.slot AS slot,
    CASE p.name WHEN 'channel' THEN NEW.channel WHEN 'page' THEN NEW.page WHEN 'lang' THEN NEW.lang ELSE NEW.properties
    ->> p.path END AS text FROM property AS p WHERE NEW.id <= p.upto) AS given WHERE text IS NOT NULL AND NOT EXISTS
    (SELECT 1 FROM value AS v WHERE v.property = slot AND v.text = given.text) AND (SELECT count(*) FROM value WHERE
    property = slot) < 200; INSERT INTO day (property, variant, day, value, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10,
    shown, answered, dismissed, commented, n, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16,
    t17, t18, t19, t20, t21, t22, t23, t24, t25, t26, t27, t28, t29, t30, t31) SELECT slot, NEW.variant, day, number,
    sum(s0), sum(s1), sum(s2), sum(s3), sum(s4), sum(s5), sum(s6), sum(s7), sum(s8), sum(s9), sum(s10), sum(shown),
    sum(answered), sum(dismissed), sum(commented), sum(n), sum(t0), sum(t1), sum(t2), sum(t3), sum(t4), sum(t5), sum(t6),
    sum(t7), sum(t8), sum(t9), sum(t10), sum(t11), sum(t12), sum(t13), sum(t14), sum(t15), sum(t16), sum(t17), sum(t18),
    sum(t19), sum(t20), sum(t21), sum(t22), sum(t23), sum(t24), sum(t25), sum(t26), sum(t27), sum(t28), sum(t29),
    sum(t30), sum(t31) FROM ( SELECT slot, NEW.day AS day, CASE WHEN text IS NULL THEN 0 ELSE ifnull((SELECT v.number FROM
    value AS v WHERE v.property = slot AND v.text = given.text), -1) END AS number, (NEW.score IS 0) AS s0, (NEW.score IS
    1) AS s1, (NEW.score IS 2) AS s2, (NEW.score IS 3) AS s3, (NEW.score IS 4) AS s4, (NEW.score IS 5) AS s5, (NEW.score
    IS 6) AS s6, (NEW.score IS 7) AS s7, (NEW.score IS 8) AS s8, (NEW.score IS 9) AS s9, (NEW.score IS 10) AS s10,
    (NEW.shown) AS shown, (NEW.shown AND NEW.score IS NOT NULL) AS answered, (NEW.dismissed AND NEW.score IS NULL) AS
    dismissed, (NEW.comment IS NOT NULL AND NEW.score IS NOT NULL) AS commented, (1) AS n, (NEW.bucket IS 0) AS t0,
    (NEW.bucket IS 1) AS t1, (NEW.bucket IS 2) AS t2, (NEW.bucket IS 3) AS t3, (NEW.bucket IS 4) AS t4, (NEW.bucket IS 5)
    AS t5, (NEW.bucket IS 6) AS t6, (NEW.bucket IS 7) AS t7, (NEW.bucket IS 8) AS t8, (NEW.bucket IS 9) AS t9, (NEW.bucket
    IS 10) AS t10, (NEW.bucket IS 11) AS t11, (NEW.bucket IS 12) AS t12, (NEW.bucket IS 13) AS t13, (NEW.bucket IS 14) AS
    t14, (NEW.bucket IS 15) AS t15, (NEW.bucket IS 16) AS t16, (NEW.bucket IS 17) AS t17, (NEW.bucket IS 18) AS t18,
    (NEW.bucket IS 19) AS t19, (NEW.bucket IS 20) AS t20, (NEW.bucket IS 21) AS t21, (NEW.bucket IS 22) AS t22,
    (NEW.bucket IS 23) AS t23, (NEW.bucket IS 24) AS t24, (NEW.bucket IS 25) AS t25, (NEW.bucket IS 26) AS t26,
    (NEW.bucket IS 27) AS t27, (NEW.bucket IS 28) AS t28, (NEW.bucket IS 29) AS t29, (NEW.bucket IS 30) AS t30,
    (NEW.bucket IS 31) AS t31 FROM (SELECT p.slot AS slot, CASE p.name WHEN 'channel' THEN NEW.channel WHEN 'page' THEN
    NEW.page WHEN 'lang' THEN NEW.lang ELSE NEW.properties ->> p.path END AS text FROM property AS p WHERE NEW.id <=
    p.upto) AS given UNION ALL SELECT slot, OLD.day, CASE WHEN text IS NULL THEN 0 ELSE ifnull((SELECT v.number FROM value
    AS v WHERE v.property = slot AND v.text = given.text), -1) END, -(OLD.score IS 0) AS s0, -(OLD.score IS 1) AS s1,
    -(OLD.score IS 2) AS s2, -(OLD.score IS 3) AS s3, -(OLD.score IS 4) AS s4, -(OLD.score IS 5) AS s5, -(OLD.score IS 6)
    AS s6, -(OLD.score IS 7) AS s7, -(OLD.score IS 8) AS s8, -(OLD.score IS 9) AS s9, -(OLD.score IS 10) AS s10,
    -(OLD.shown) AS shown, -(OLD.shown AND OLD.score IS NOT NULL) AS answered, -(OLD.dismissed AND OLD.score IS NULL) AS
    dismissed, -(OLD.comment IS NOT NULL AND OLD.score IS NOT NULL) AS commented, -(1) AS n, -(OLD.bucket IS 0) AS t0,
    -(OLD.bucket IS 1) AS t1, -(OLD.bucket IS 2) AS t2, -(OLD.bucket IS 3) AS t3, -(OLD.bucket IS 4) AS t4, -(OLD.bucket
    IS 5) AS t5, -(OLD.bucket IS 6) AS t6, -(OLD.bucket IS 7) AS t7, -(OLD.bucket IS 8) AS t8, -(OLD.bucket IS 9) AS t9,
    -(OLD.bucket IS 10) AS t10, -(OLD.bucket IS 11) AS t11, -(OLD.bucket IS 12) AS t12, -(OLD.bucket IS 13) AS t13,
    -(OLD.bucket IS 14) AS t14, -(OLD.bucket IS 15) AS t15, -(OLD.bucket IS 16) AS t16, -(OLD.bucket IS 17) AS t17,
    -(OLD.bucket IS 18) AS t18, -(OLD.bucket IS 19) AS t19, -(OLD.bucket IS 20) AS t20, -(OLD.bucket IS 21) AS t21,
    -(OLD.bucket IS 22) AS t22, -(OLD.bucket IS 23) AS t23, -(OLD.bucket IS 24) AS t24, -(OLD.bucket IS 25) AS t25,
    -(OLD.bucket IS 26) AS t26, -(OLD.bucket IS 27) AS t27, -(OLD.bucket IS 28) AS t28, -(OLD.bucket IS 29) AS t29,
    -(OLD.bucket IS 30) AS t30, -(OLD.bucket IS 31) AS t31 FROM (SELECT p.slot AS slot, CASE p.name WHEN 'channel' THEN
    OLD.channel WHEN 'page' THEN OLD.page WHEN 'lang' THEN OLD.lang ELSE OLD.properties ->> p.path END AS text FROM
    property AS p WHERE OLD.id <= p.upto) AS given ) GROUP BY slot, day, number HAVING count(*) = 1 OR (NEW.score,
    NEW.bucket, NEW.shown, NEW.dismissed, NEW.comment IS NULL) IS NOT (OLD.score, OLD.bucket, OLD.shown, OLD.dismissed,
    OLD.comment IS NULL) ON CONFLICT (property, variant, day, value) DO UPDATE SET s0 = s0 + excluded.s0, s1 = s1 +
    excluded.s1, s2 = s2 + excluded.s2, s3 = s3 + excluded.s3, s4 = s4 + excluded.s4, s5 = s5 + excluded.s5, s6 = s6 +
    excluded.s6, s7 = s7 + excluded.s7, s8 = s8 + excluded.s8, s9 = s9 + excluded.s9, s10 = s10 + excluded.s10, shown =
    shown + excluded.shown, answered = answered + excluded.answered, dismissed = dismissed + excluded.dismissed, commented
    = commented + excluded.commented, n = n + excluded.n, t0 = t0 + excluded.t0, t1 = t1 + excluded.t1, t2 = t2 +
    excluded.t2, t3 = t3 + excluded.t3, t4 = t4 + excluded.t4, t5 = t5 + excluded.t5, t6 = t6 + excluded.t6, t7 = t7 +
    excluded.t7, t8 = t8 + excluded.t8, t9 = t9 + excluded.t9, t10 = t10 + excluded.t10, t11 = t11 + excluded.t11, t12 =
    t12 + excluded.t12, t13 = t13 + excluded.t13, t14 = t14 + excluded.t14, t15 = t15 + excluded.t15, t16 = t16 +
    excluded.t16, t17 = t17 + excluded.t17, t18 = t18 + excluded.t18, t19 = t19 + excluded.t19, t20 = t20 + excluded.t20,
    t21 = t21 + excluded.t21, t22 = t22 + excluded.t22, t23 = t23 + excluded.t23, t24 = t24 + excluded.t24, t25 = t25 +
    excluded.t25, t26 = t26 + excluded.t26, t27 = t27 + excluded.t27, t28 = t28 + excluded.t28, t29 = t29 + excluded.t29,
    t30 = t30 + excluded.t30, t31 = t31 + excluded.t31; DELETE FROM day WHERE n = 0 AND property IN (SELECT slot FROM
    property) AND variant = OLD.variant AND day = OLD.day AND (NEW.day, NEW.lang, NEW.page, NEW.properties) IS NOT
    (OLD.day, OLD.lang, OLD.page, OLD.properties); END;
CREATE TRIGGER response_removed AFTER DELETE ON response BEGIN INSERT INTO day (property, variant, day, value, s0, s1,
    s2, s3, s4, s5, s6, s7, s8, s9, s10, shown, answered, dismissed, commented, n, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9,
    t10, t11, t12, t13, t14, t15, t16, t17, t18, t19, t20, t21, t22, t23, t24, t25, t26, t27, t28, t29, t30, t31) SELECT
    slot, OLD.variant, OLD.day, CASE WHEN text IS NULL THEN 0 ELSE ifnull((SELECT v.number FROM value AS v WHERE
    v.property = slot AND v.text = given.text), -1) END, -(OLD.score IS 0) AS s0, -(OLD.score IS 1) AS s1, -(OLD.score IS
    2) AS s2, -(OLD.score IS 3) AS s3, -(OLD.score IS 4) AS s4, -(OLD.score IS 5) AS s5, -(OLD.score IS 6) AS s6,
    -(OLD.score IS 7) AS s7, -(OLD.score IS 8) AS s8, -(OLD.score IS 9) AS s9, -(OLD.score IS 10) AS s10, -(OLD.shown) AS
    shown, -(OLD.shown AND OLD.score IS NOT NULL) AS answered, -(OLD.dismissed AND OLD.score IS NULL) AS dismissed,
    -(OLD.comment IS NOT NULL AND OLD.score IS NOT NULL) AS commented, -(1) AS n, -(OLD.bucket IS 0) AS t0, -(OLD.bucket
    IS 1) AS t1, -(OLD.bucket IS 2) AS t2, -(OLD.bucket IS 3) AS t3, -(OLD.bucket IS 4) AS t4, -(OLD.bucket IS 5) AS t5,
    -(OLD.bucket IS 6) AS t6, -(OLD.bucket IS 7) AS t7, -(OLD.bucket IS 8) AS t8, -(OLD.bucket IS 9) AS t9, -(OLD.bucket
    IS 10) AS t10, -(OLD.bucket IS 11) AS t11, -(OLD.bucket IS 12) AS t12, -(OLD.bucket IS 13) AS t13, -(OLD.bucket IS 14)
    AS t14, -(OLD.bucket IS 15) AS t15, -(OLD.bucket IS 16) AS t16, -(OLD.bucket IS 17) AS t17, -(OLD.bucket IS 18) AS
    t18, -(OLD.bucket IS 19) AS t19, -(OLD.bucket IS 20) AS t20, -(OLD.bucket IS 21) AS t21, -(OLD.bucket IS 22) AS t22,
    -(OLD.bucket IS 23) AS t23, -(OLD.bucket IS 24) AS t24, -(OLD.bucket IS 25) AS t25, -(OLD.bucket IS 26) AS t26,
    -(OLD.bucket IS 27) AS t27, -(OLD.bucket IS 28) AS t28, -(OLD.bucket IS 29) AS t29, -(OLD.bucket IS 30) AS t30,
    -(OLD.bucket IS 31) AS t31 FROM (SELECT p.slot AS slot, CASE p.name WHEN 'channel' THEN OLD.channel WHEN 'page' THEN
    OLD.page WHEN 'lang' THEN OLD.lang ELSE OLD.properties ->> p.path END AS text FROM property AS p WHERE OLD.id <=
    p.upto) AS given WHERE true ON CONFLICT (property, variant, day, value) DO UPDATE SET s0 = s0 + excluded.s0, s1 = s1 +
    excluded.s1, s2 = s2 + excluded.s2, s3 = s3 + excluded.s3, s4 = s4 + excluded.s4, s5 = s5 + excluded.s5, s6 = s6 +
    excluded.s6, s7 = s7 + excluded.s7, s8 = s8 + excluded.s8, s9 = s9 + excluded.s9, s10 = s10 + excluded.s10, shown =
    shown + excluded.shown, answered = answered + excluded.answered, dismissed = dismissed + excluded.dismissed, commented
    = commented + excluded.commented, n = n + excluded.n, t0 = t0 + excluded.t0, t1 = t1 + excluded.t1, t2 = t2 +
    excluded.t2, t3 = t3 + excluded.t3, t4 = t4 + excluded.t4, t5 = t5 + excluded.t5, t6 = t6 + excluded.t6, t7 = t7 +
    excluded.t7, t8 = t8 + excluded.t8, t9 = t9 + excluded.t9, t10 = t10 + excluded.t10, t11 = t11 + excluded.t11, t12 =
    t12 + excluded.t12, t13 = t13 + excluded.t13, t14 = t14 + excluded.t14, t15 = t15 + excluded.t15, t16 = t16 +
    excluded.t16, t17 = t17 + excluded.t17, t18 = t18 + excluded.t18, t19 = t19 + excluded.t19, t20 = t20 + excluded.t20,
    t21 = t21 + excluded.t21, t22 = t22 + excluded.t22, t23 = t23 + excluded.t23, t24 = t24 + excluded.t24, t25 = t25 +
    excluded.t25, t26 = t26 + excluded.t26, t27 = t27 + excluded.t27, t28 = t28 + excluded.t28, t29 = t29 + excluded.t29,
    t30 = t30 + excluded.t30, t31 = t31 + excluded.t31; DELETE FROM day WHERE n = 0 AND property IN (SELECT slot FROM
    property) AND variant = OLD.variant AND day = OLD.day; END;
CREATE TRIGGER property_filled AFTER UPDATE OF upto ON property BEGIN INSERT INTO value (property, number, text)
    SELECT NEW.slot, (SELECT count(*) FROM value WHERE property = NEW.slot) + row_number() OVER (), text FROM ( SELECT
    DISTINCT CASE p.name WHEN 'channel' THEN r.channel WHEN 'page' THEN r.page WHEN 'lang' THEN r.lang ELSE r.properties
    ->> p.path END AS text FROM property AS p, response AS r WHERE p.slot = NEW.slot AND r.id > OLD.upto AND r.id <=
    NEW.upto ) AS given WHERE text IS NOT NULL AND NOT EXISTS (SELECT 1 FROM value AS v WHERE v.property = NEW.slot AND
    v.text = given.text) LIMIT max(0, 200 - (SELECT count(*) FROM value WHERE property = NEW.slot)); INSERT INTO day
    (property, variant, day, value, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, shown, answered, dismissed, commented, n,
    t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16, t17, t18, t19, t20, t21, t22, t23, t24,
    t25, t26, t27, t28, t29, t30, t31) SELECT slot, variant, day, number, sum(s0), sum(s1), sum(s2), sum(s3), sum(s4),
    sum(s5), sum(s6), sum(s7), sum(s8), sum(s9), sum(s10), sum(shown), sum(answered), sum(dismissed), sum(commented),
    sum(n), sum(t0), sum(t1), sum(t2), sum(t3), sum(t4), sum(t5), sum(t6), sum(t7), sum(t8), sum(t9), sum(t10), sum(t11),
    sum(t12), sum(t13), sum(t14), sum(t15), sum(t16), sum(t17), sum(t18), sum(t19), sum(t20), sum(t21), sum(t22),
    sum(t23), sum(t24), sum(t25), sum(t26), sum(t27), sum(t28), sum(t29), sum(t30), sum(t31) FROM ( SELECT slot, variant,
    day, CASE WHEN text IS NULL THEN 0 ELSE ifnull((SELECT v.number FROM value AS v WHERE v.property = slot AND v.text =
    given.text), -1) END AS number, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, shown, answered, dismissed, commented, n,
    t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16, t17, t18, t19, t20, t21, t22, t23, t24,
    t25, t26, t27, t28, t29, t30, t31 FROM ( SELECT NEW.slot AS slot, r.variant AS variant, r.day AS day, CASE p.name WHEN
    'channel' THEN r.channel WHEN 'page' THEN r.page WHEN 'lang' THEN r.lang ELSE r.properties ->> p.path END AS text,
    (r.score IS 0) AS s0, (r.score IS 1) AS s1, (r.score IS 2) AS s2, (r.score IS 3) AS s3, (r.score IS 4) AS s4, (r.score
    IS 5) AS s5, (r.score IS 6) AS s6, (r.score IS 7) AS s7, (r.score IS 8) AS s8, (r.score IS 9) AS s9, (r.score IS 10)
    AS s10, (r.shown) AS shown, (r.shown AND r.score IS NOT NULL) AS answered, (r.dismissed AND r.score IS NULL) AS
    dismissed, (r.comment IS NOT NULL AND r.score IS NOT NULL) AS commented, (1) AS n, (r.bucket IS 0) AS t0, (r.bucket IS
    1) AS t1, (r.bucket IS 2) AS t2, (r.bucket IS 3) AS t3, (r.bucket IS 4) AS t4, (r.bucket IS 5) AS t5, (r.bucket IS 6)
    AS t6, (r.bucket IS 7) AS t7, (r.bucket IS 8) AS t8, (r.bucket IS 9) AS t9, (r.bucket IS 10) AS t10, (r.bucket IS 11)
    AS t11, (r.bucket IS 12) AS t12, (r.bucket IS 13) AS t13, (r.bucket IS 14) AS t14, (r.bucket IS 15) AS t15, (r.bucket
    IS 16) AS t16, (r.bucket IS 17) AS t17, (r.bucket IS 18) AS t18, (r.bucket IS 19) AS t19, (r.bucket IS 20) AS t20,
    (r.bucket IS 21) AS t21, (r.bucket IS 22) AS t22, (r.bucket IS 23) AS t23, (r.bucket IS 24) AS t24, (r.bucket IS 25)
    AS t25, (r.bucket IS 26) AS t26, (r.bucket IS 27) AS t27, (r.bucket IS 28) AS t28, (r.bucket IS 29) AS t29, (r.bucket
    IS 30) AS t30, (r.bucket IS 31) AS t31 FROM property AS p, response AS r WHERE p.slot = NEW.slot AND r.id > OLD.upto
    AND r.id <= NEW.upto ) AS given ) GROUP BY variant, day, number ON CONFLICT (property, variant, day, value) DO UPDATE
    SET s0 = s0 + excluded.s0, s1 = s1 + excluded.s1, s2 = s2 + excluded.s2, s3 = s3 + excluded.s3, s4 = s4 + excluded.s4,
    s5 = s5 + excluded.s5, s6 = s6 + excluded.s6, s7 = s7 + excluded.s7, s8 = s8 + excluded.s8, s9 = s9 + excluded.s9, s10
    = s10 + excluded.s10, shown = shown + excluded.shown, answered = answered + excluded.answered, dismissed = dismissed +
    excluded.dismissed, commented = commented + excluded.commented, n = n + excluded.n, t0 = t0 + excluded.t0, t1 = t1 +
    excluded.t1, t2 = t2 + excluded.t2, t3 = t3 + excluded.t3, t4 = t4 + excluded.t4, t5 = t5 + excluded.t5, t6 = t6 +
    excluded.t6, t7 = t7 + excluded.t7, t8 = t8 + excluded.t8, t9 = t9 + excluded.t9, t10 = t10 + excluded.t10, t11 = t11
    + excluded.t11, t12 = t12 + excluded.t12, t13 = t13 + excluded.t13, t14 = t14 + excluded.t14, t15 = t15 +
    excluded.t15, t16 = t16 + excluded.t16, t17 = t17 + excluded.t17, t18 = t18 + excluded.t18, t19 = t19 + excluded.t19,
    t20 = t20 + excluded.t20, t21 = t21 + excluded.t21, t22 = t22 + excluded.t22, t23 = t23 + excluded.t23, t24 = t24 +
    excluded.t24, t25 = t25 + excluded.t25, t26 = t26 + excluded.t26, t27 = t27 + excluded.t27, t28 = t28 + excluded.t28,
    t29 = t29 + excluded.t29, t30 = t30 + excluded.t30, t31 = t31 + excluded.t31; END;
INSERT INTO meta VALUES ('schema', '2'), ('settings', '{"name":"Tea shop","zone":{"name":"UTC","before":0,"changes":[]},"origins":["https://shop.example"],"survey":{"variant":"standard","delay_seconds":3},"properties":["plan"],"badge":true,"public_notes":false,"retention":{"months":null,"contact_days":730}}');
INSERT INTO survey (at, settings) SELECT 1480000000000, value -> '$.survey' FROM meta WHERE name = 'settings';
INSERT INTO property VALUES (0, 'channel', '', zeroblob(17)), (1, 'plan', '$."plan"', zeroblob(17));
UPDATE property SET upto = unhex('ffffffffffffffffffffffffffffffffff');
INSERT INTO due VALUES ('retention', '', 1480000000000);
WITH RECURSIVE given (n, at) AS (
    SELECT 0, 1480000000000 UNION ALL SELECT n + 1, at + 60000 FROM given WHERE n + 1 < $ROWS
)
INSERT INTO response (id, number, at, timed, day, variant, channel, score, score_ms, bucket, comment, shown, dismissed, lang, page, properties)
SELECT unhex(printf('%012x7%03x8%03x%012x', at, n % 4096, n % 4096, n)), (n % 4096) * 281474976710656 + n, at, 1, at / 86400000, 'standard',
    iif(n % 3 = 0, 'page', 'link'),
    nullif(n % 12, 11), iif(n % 12 = 11, NULL, 4000), iif(n % 12 = 11, NULL, 10),
    iif(n % 12 = 0, 'Too dear ' || n, NULL), 1, n % 12 = 11, 'en', '/cart',
    iif(n % 2 = 0, '{"plan":"pro"}', NULL)
FROM given;
