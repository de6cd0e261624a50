-- Tables of the first version as the collector created them, and $ROWS responses of November 2016: one a
-- minute, scores 0 to 10 and one without in turn, a third from the page and the others from links, every second on the plan `pro`.
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE key (digest TEXT PRIMARY KEY, role TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE response ( id BLOB PRIMARY KEY, at INTEGER NOT NULL, timed INTEGER NOT NULL, day INTEGER NOT NULL,
    variant TEXT NOT NULL, channel TEXT NOT NULL, score INTEGER, score_ms INTEGER, bucket INTEGER, comment TEXT,
    comment_ms INTEGER, shown INTEGER NOT NULL, dismissed INTEGER NOT NULL, lang TEXT, page TEXT, user TEXT, properties
    TEXT ) WITHOUT ROWID;
CREATE INDEX response_untimed ON response (at, id) WHERE timed = 0;
CREATE TABLE day (day INTEGER NOT NULL, variant TEXT NOT NULL, s0 INTEGER NOT NULL, s1 INTEGER NOT NULL, s2 INTEGER
    NOT NULL, s3 INTEGER NOT NULL, s4 INTEGER NOT NULL, s5 INTEGER NOT NULL, s6 INTEGER NOT NULL, s7 INTEGER NOT NULL, s8
    INTEGER NOT NULL, s9 INTEGER NOT NULL, s10 INTEGER NOT NULL, shown INTEGER NOT NULL, answered INTEGER NOT NULL,
    dismissed INTEGER NOT NULL, commented INTEGER NOT NULL, t0 INTEGER NOT NULL, t1 INTEGER NOT NULL, t2 INTEGER NOT NULL,
    t3 INTEGER NOT NULL, t4 INTEGER NOT NULL, t5 INTEGER NOT NULL, t6 INTEGER NOT NULL, t7 INTEGER NOT NULL, t8 INTEGER
    NOT NULL, t9 INTEGER NOT NULL, t10 INTEGER NOT NULL, t11 INTEGER NOT NULL, t12 INTEGER NOT NULL, t13 INTEGER NOT NULL,
    t14 INTEGER NOT NULL, t15 INTEGER NOT NULL, t16 INTEGER NOT NULL, t17 INTEGER NOT NULL, t18 INTEGER NOT NULL, t19
    INTEGER NOT NULL, t20 INTEGER NOT NULL, t21 INTEGER NOT NULL, t22 INTEGER NOT NULL, t23 INTEGER NOT NULL, t24 INTEGER
    NOT NULL, t25 INTEGER NOT NULL, t26 INTEGER NOT NULL, t27 INTEGER NOT NULL, t28 INTEGER NOT NULL, t29 INTEGER NOT
    NULL, t30 INTEGER NOT NULL, t31 INTEGER NOT NULL, PRIMARY KEY (day, variant)) WITHOUT ROWID;
CREATE TRIGGER response_added AFTER INSERT ON response BEGIN INSERT INTO day (day, variant, s0, s1, s2, s3, s4, s5,
    s6, s7, s8, s9, s10, shown, answered, dismissed, commented, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12,
    t13, t14, t15, t16, t17, t18, t19, t20, t21, t22, t23, t24, t25, t26, t27, t28, t29, t30, t31) VALUES (NEW.day,
    NEW.variant, (NEW.score IS 0), (NEW.score IS 1), (NEW.score IS 2), (NEW.score IS 3), (NEW.score IS 4), (NEW.score IS
    5), (NEW.score IS 6), (NEW.score IS 7), (NEW.score IS 8), (NEW.score IS 9), (NEW.score IS 10), (NEW.shown), (NEW.shown
    AND NEW.score IS NOT NULL), (NEW.dismissed AND NEW.score IS NULL), (NEW.comment IS NOT NULL AND NEW.score IS NOT
    NULL), (NEW.bucket IS 0), (NEW.bucket IS 1), (NEW.bucket IS 2), (NEW.bucket IS 3), (NEW.bucket IS 4), (NEW.bucket IS
    5), (NEW.bucket IS 6), (NEW.bucket IS 7), (NEW.bucket IS 8), (NEW.bucket IS 9), (NEW.bucket IS 10), (NEW.bucket IS
    11), (NEW.bucket IS 12), (NEW.bucket IS 13), (NEW.bucket IS 14), (NEW.bucket IS 15), (NEW.bucket IS 16), (NEW.bucket
    IS 17), (NEW.bucket IS 18), (NEW.bucket IS 19), (NEW.bucket IS 20), (NEW.bucket IS 21), (NEW.bucket IS 22),
    (NEW.bucket IS 23), (NEW.bucket IS 24), (NEW.bucket IS 25), (NEW.bucket IS 26), (NEW.bucket IS 27), (NEW.bucket IS
    28), (NEW.bucket IS 29), (NEW.bucket IS 30), (NEW.bucket IS 31)) ON CONFLICT (day, variant) DO UPDATE SET s0 = s0 +
    excluded.s0, s1 = s1 + excluded.s1, s2 = s2 + excluded.s2, s3 = s3 + excluded.s3, s4 = s4 + excluded.s4, s5 = s5 +
    excluded.s5, s6 = s6 + excluded.s6, s7 = s7 + excluded.s7, s8 = s8 + excluded.s8, s9 = s9 + excluded.s9, s10 = s10 +
    excluded.s10, shown = shown + excluded.shown, answered = answered + excluded.answered, dismissed = dismissed +
    excluded.dismissed, commented = commented + excluded.commented, t0 = t0 + excluded.t0, t1 = t1 + excluded.t1, t2 = t2
    + excluded.t2, t3 = t3 + excluded.t3, t4 = t4 + excluded.t4, t5 = t5 + excluded.t5, t6 = t6 + excluded.t6, t7 = t7 +
    excluded.t7, t8 = t8 + excluded.t8, t9 = t9 + excluded.t9, t10 = t10 + excluded.t10, t11 = t11 + excluded.t11, t12 =
    t12 + excluded.t12, t13 = t13 + excluded.t13, t14 = t14 + excluded.t14, t15 = t15 + excluded.t15, t16 = t16 +
    excluded.t16, t17 = t17 + excluded.t17, t18 = t18 + excluded.t18, t19 = t19 + excluded.t19, t20 = t20 + excluded.t20,
    t21 = t21 + excluded.t21, t22 = t22 + excluded.t22, t23 = t23 + excluded.t23, t24 = t24 + excluded.t24, t25 = t25 +
    excluded.t25, t26 = t26 + excluded.t26, t27 = t27 + excluded.t27, t28 = t28 + excluded.t28, t29 = t29 + excluded.t29,
    t30 = t30 + excluded.t30, t31 = t31 + excluded.t31; END;
CREATE TRIGGER response_changed AFTER UPDATE ON response WHEN (NEW.score, NEW.bucket, NEW.shown, NEW.dismissed,
    NEW.comment IS NULL) IS NOT (OLD.score, OLD.bucket, OLD.shown, OLD.dismissed, OLD.comment IS NULL) BEGIN UPDATE day
    SET s0 = s0 + (NEW.score IS 0) - (OLD.score IS 0), s1 = s1 + (NEW.score IS 1) - (OLD.score IS 1), s2 = s2 + (NEW.score
    IS 2) - (OLD.score IS 2), s3 = s3 + (NEW.score IS 3) - (OLD.score IS 3), s4 = s4 + (NEW.score IS 4) - (OLD.score IS
    4), s5 = s5 + (NEW.score IS 5) - (OLD.score IS 5), s6 = s6 + (NEW.score IS 6) - (OLD.score IS 6), s7 = s7 + (NEW.score
    IS 7) - (OLD.score IS 7), s8 = s8 + (NEW.score IS 8) - (OLD.score IS 8), s9 = s9 + (NEW.score IS 9) - (OLD.score IS
    9), s10 = s10 + (NEW.score IS 10) - (OLD.score IS 10), shown = shown + (NEW.shown) - (OLD.shown), answered = answered
    + (NEW.shown AND NEW.score IS NOT NULL) - (OLD.shown AND OLD.score IS NOT NULL), dismissed = dismissed +
    (NEW.dismissed AND NEW.score IS NULL) - (OLD.dismissed AND OLD.score IS NULL), commented = commented + (NEW.comment IS
    NOT NULL AND NEW.score IS NOT NULL) - (OLD.comment IS NOT NULL AND OLD.score IS NOT NULL), t0 = t0 + (NEW.bucket IS 0)
    - (OLD.bucket IS 0), t1 = t1 + (NEW.bucket IS 1) - (OLD.bucket IS 1), t2 = t2 + (NEW.bucket IS 2) - (OLD.bucket IS 2),
    t3 = t3 + (NEW.bucket IS 3) - (OLD.bucket IS 3), t4 = t4 + (NEW.bucket IS 4) - (OLD.bucket IS 4), t5 = t5 +
    (NEW.bucket IS 5) - (OLD.bucket IS 5), t6 = t6 + (NEW.bucket IS 6) - (OLD.bucket IS 6), t7 = t7 + (NEW.bucket IS 7) -
    (OLD.bucket IS 7), t8 = t8 + (NEW.bucket IS 8) - (OLD.bucket IS 8), t9 = t9 + (NEW.bucket IS 9) - (OLD.bucket IS 9),
    t10 = t10 + (NEW.bucket IS 10) - (OLD.bucket IS 10), t11 = t11 + (NEW.bucket IS 11) - (OLD.bucket IS 11), t12 = t12 +
    (NEW.bucket IS 12) - (OLD.bucket IS 12), t13 = t13 + (NEW.bucket IS 13) - (OLD.bucket IS 13), t14 = t14 + (NEW.bucket
    IS 14) - (OLD.bucket IS 14), t15 = t15 + (NEW.bucket IS 15) - (OLD.bucket IS 15), t16 = t16 + (NEW.bucket IS 16) -
    (OLD.bucket IS 16), t17 = t17 + (NEW.bucket IS 17) - (OLD.bucket IS 17), t18 = t18 + (NEW.bucket IS 18) - (OLD.bucket
    IS 18), t19 = t19 + (NEW.bucket IS 19) - (OLD.bucket IS 19), t20 = t20 + (NEW.bucket IS 20) - (OLD.bucket IS 20), t21
    = t21 + (NEW.bucket IS 21) - (OLD.bucket IS 21), t22 = t22 + (NEW.bucket IS 22) - (OLD.bucket IS 22), t23 = t23 +
    (NEW.bucket IS 23) - (OLD.bucket IS 23), t24 = t24 + (NEW.bucket IS 24) - (OLD.bucket IS 24), t25 = t25 + (NEW.bucket
    IS 25) - (OLD.bucket IS 25), t26 = t26 + (NEW.bucket IS 26) - (OLD.bucket IS 26), t27 = t27 + (NEW.bucket IS 27) -
    (OLD.bucket IS 27), t28 = t28 + (NEW.bucket IS 28) - (OLD.bucket IS 28), t29 = t29 + (NEW.bucket IS 29) - (OLD.bucket
    IS 29), t30 = t30 + (NEW.bucket IS 30) - (OLD.bucket IS 30), t31 = t31 + (NEW.bucket IS 31) - (OLD.bucket IS 31) WHERE
    day = NEW.day AND variant = NEW.variant; END;
INSERT INTO meta VALUES ('settings', '{"name":"Tea shop","zone":{"name":"UTC","before":0,"changes":[]},"origins":["https://shop.example"],"survey":{"variant":"standard","delay_seconds":3}}');
WITH RECURSIVE given (n, at) AS (
    SELECT 0, 1480000000000 UNION ALL SELECT n + 1, at + 60000 FROM given WHERE n + 1 < $ROWS
)
INSERT INTO response (id, at, timed, day, variant, channel, score, score_ms, bucket, comment, shown, dismissed, lang, page, properties)
SELECT unhex(printf('%012x7%03x8%03x%012x', at, n % 4096, n % 4096, n)), at, 1, at / 86400000, 'standard',
    iif(n % 3 = 0, 'page', 'link'),
    nullif(n % 12, 11), iif(n % 12 = 11, NULL, 4000), iif(n % 12 = 11, NULL, 10),
    iif(n % 12 = 0, 'Too dear ' || n, NULL), 1, n % 12 = 11, 'en', '/cart',
    iif(n % 2 = 0, '{"plan":"pro"}', NULL)
FROM given;
