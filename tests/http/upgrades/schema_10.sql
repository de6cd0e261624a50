-- A site of schema 10: the collector of commit 9db1436, driven by write_fixture.py.
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE key ( digest TEXT PRIMARY KEY, role TEXT NOT NULL, name TEXT, created INTEGER, used INTEGER, expires INTEGER ) WITHOUT ROWID;
CREATE TABLE survey (version INTEGER PRIMARY KEY, at INTEGER NOT NULL, settings TEXT NOT NULL);
CREATE TABLE response ( id BLOB PRIMARY KEY, number INTEGER NOT NULL, at INTEGER NOT NULL, timed INTEGER NOT NULL, day INTEGER NOT NULL, variant TEXT NOT NULL, channel TEXT NOT NULL, score
   INTEGER, score_ms INTEGER, bucket INTEGER, comment TEXT, comment_ms INTEGER, shown INTEGER NOT NULL, dismissed INTEGER NOT NULL, lang TEXT, page TEXT, user TEXT, properties TEXT, answers
   TEXT, consents TEXT, tags TEXT, note TEXT, state INTEGER, assignee TEXT, due INTEGER, contacted INTEGER, told INTEGER NOT NULL DEFAULT 0 , mark INTEGER) WITHOUT ROWID;
CREATE TABLE contact (id BLOB PRIMARY KEY, contact TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE 'words_content'(id INTEGER PRIMARY KEY, c1);
CREATE TABLE property (slot INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, path TEXT NOT NULL, upto BLOB NOT NULL, is_full INTEGER NOT NULL DEFAULT 0, is_listed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE value (property INTEGER NOT NULL, number INTEGER NOT NULL, text TEXT, upto BLOB NOT NULL DEFAULT x'ffffffffffffffffffffffffffffffffff', PRIMARY KEY (property, number)) WITHOUT
   ROWID;
CREATE TABLE due (kind TEXT NOT NULL, subject TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (kind, subject)) WITHOUT ROWID;
CREATE TABLE note (id TEXT PRIMARY KEY, day INTEGER NOT NULL, text TEXT NOT NULL, public INTEGER NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE webhook ( id TEXT PRIMARY KEY, name TEXT, url TEXT NOT NULL, events TEXT NOT NULL, format TEXT NOT NULL, generation INTEGER NOT NULL, rotated INTEGER, created INTEGER NOT NULL,
   failures INTEGER NOT NULL DEFAULT 0, paused INTEGER, paused_why TEXT , failing_since INTEGER, held_until INTEGER, paused_by TEXT) WITHOUT ROWID;
CREATE TABLE delivery ( id INTEGER PRIMARY KEY AUTOINCREMENT, webhook TEXT NOT NULL, event TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, created INTEGER NOT NULL, state TEXT NOT
   NULL , next INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0, category TEXT, probe INTEGER NOT NULL DEFAULT 0, summary INTEGER, reason TEXT);
CREATE TABLE attempt ( delivery INTEGER NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, status INTEGER, error TEXT, ms INTEGER NOT NULL, PRIMARY KEY (delivery, number) ) WITHOUT ROWID;
CREATE TABLE day ( property INTEGER NOT NULL, variant TEXT NOT NULL, day INTEGER NOT NULL, value INTEGER NOT NULL, s0 INTEGER NOT NULL, s1 INTEGER NOT NULL, s2 INTEGER NOT NULL, s3 INTEGER
   NOT NULL, s4 INTEGER NOT NULL, s5 INTEGER NOT NULL, s6 INTEGER NOT NULL, s7 INTEGER NOT NULL, s8 INTEGER NOT NULL, s9 INTEGER NOT NULL, s10 INTEGER NOT NULL, shown INTEGER NOT NULL,
   answered INTEGER NOT NULL, dismissed INTEGER NOT NULL, commented INTEGER NOT NULL, n INTEGER NOT NULL, t0 INTEGER NOT NULL, t1 INTEGER NOT NULL, t2 INTEGER NOT NULL, t3 INTEGER NOT NULL,
   t4 INTEGER NOT NULL, t5 INTEGER NOT NULL, t6 INTEGER NOT NULL, t7 INTEGER NOT NULL, t8 INTEGER NOT NULL, t9 INTEGER NOT NULL, t10 INTEGER NOT NULL, t11 INTEGER NOT NULL, t12 INTEGER NOT
   NULL, t13 INTEGER NOT NULL, t14 INTEGER NOT NULL, t15 INTEGER NOT NULL, t16 INTEGER NOT NULL, t17 INTEGER NOT NULL, t18 INTEGER NOT NULL, t19 INTEGER NOT NULL, t20 INTEGER NOT NULL, t21
   INTEGER NOT NULL, t22 INTEGER NOT NULL, t23 INTEGER NOT NULL, t24 INTEGER NOT NULL, t25 INTEGER NOT NULL, t26 INTEGER NOT NULL, t27 INTEGER NOT NULL, t28 INTEGER NOT NULL, t29 INTEGER NOT
   NULL, t30 INTEGER NOT NULL, t31 INTEGER NOT NULL, PRIMARY KEY (property, variant, day, value) ) WITHOUT ROWID;
CREATE TABLE audit ( id INTEGER PRIMARY KEY, at INTEGER NOT NULL, role TEXT NOT NULL, key TEXT, name TEXT, action TEXT NOT NULL, object TEXT );
CREATE TABLE marked (id BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 ( comment, content = '', tokenize = 'unicode61 remove_diacritics 2' );
CREATE TABLE word_row (number INTEGER PRIMARY KEY, id BLOB NOT NULL);
CREATE TABLE import ( number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, file TEXT NOT NULL, key TEXT, key_name TEXT, details TEXT NOT NULL, state TEXT
   NOT NULL, stored INTEGER NOT NULL DEFAULT 0, changed INTEGER NOT NULL DEFAULT 0, already_there INTEGER NOT NULL DEFAULT 0, upto BLOB NOT NULL DEFAULT x'' , erased_before INTEGER NOT NULL
   DEFAULT 0);
CREATE TABLE import_key (key BLOB PRIMARY KEY, response BLOB NOT NULL, import INTEGER) WITHOUT ROWID;
CREATE TABLE import_change ( import INTEGER NOT NULL, response BLOB NOT NULL, before TEXT NOT NULL, PRIMARY KEY (import, response) ) WITHOUT ROWID;
CREATE TABLE tagged (tag TEXT NOT NULL, response BLOB NOT NULL, PRIMARY KEY (tag, response)) WITHOUT ROWID;
CREATE TABLE published ( variant TEXT NOT NULL, day INTEGER NOT NULL, cell TEXT NOT NULL, PRIMARY KEY (variant, day) ) WITHOUT ROWID;
CREATE TABLE erased_row (key BLOB PRIMARY KEY) WITHOUT ROWID;
INSERT INTO meta VALUES
('import_secret', '8be8ac4bdec1ec5ef45230d3cf014971dc773c7d57320855f424f12f3032f8b2'), ('retention_at', '1795742380764'), ('schema', '10'),
('settings', '{"name":"Tea shop","zone":{"name":"Europe/Berlin","before":3600,"changes":[[954032400,7200],[972781200,3600],[985482000,7200],[1004230800,3600],[1017536400,7200],[1035680400,3600],[1048986000,7200],[1067130000,3600],[1080435600,7200],[1099184400,3600],[1111885200,7200],[1130634000,3600],[1143334800,7200],[1162083600,3600],[1174784400,7200],[1193533200,3600],[1206838800,7200],[1224982800,3600],[1238288400,7200],[1256432400,3600],[1269738000,7200],[1288486800,3600],[1301187600,7200],[1319936400,3600],[1332637200,7200],[1351386000,3600],[1364691600,7200],[1382835600,3600],[1396141200,7200],[1414285200,3600],[1427590800,7200],[1445734800,3600],[1459040400,7200],[1477789200,3600],[1490490000,7200],[1509238800,3600],[1521939600,7200],[1540688400,3600],[1553994000,7200],[1572138000,3600],[1585443600,7200],[1603587600,3600],[1616893200,7200],[1635642000,3600],[1648342800,7200],[1667091600,3600],[1679792400,7200],[1698541200,3600],[1711846800,7200],[1729990800,3600],[1743296400,7200],[1761440400,3600],[1774746000,7200],[1792890000,3600],[1806195600,7200],[1824944400,3600],[1837645200,7200],[1856394000,3600],[1869094800,7200],[1887843600,3600],[1901149200,7200],[1919293200,3600],[1932598800,7200],[1950742800,3600],[1964048400,7200],[1982797200,3600],[1995498000,7200],[2014246800,3600],[2026947600,7200],[2045696400,3600],[2058397200,7200],[2077146000,3600],[2090451600,7200],[2108595600,3600],[2121901200,7200],[2140045200,3600],[2153350800,7200],[2172099600,3600],[2184800400,7200],[2203549200,3600],[2216250000,7200],[2234998800,3600],[2248304400,7200],[2266448400,3600],[2279754000,7200],[2297898000,3600],[2311203600,7200],[2329347600,3600],[2342653200,7200],[2361402000,3600],[2374102800,7200],[2392851600,3600],[2405552400,7200],[2424301200,3600],[2437606800,7200],[2455750800,3600]]},"origins":[],"survey":{"variant":"standard","delay_seconds":5,"follow_ups":[{"key":"why","kind":"text","question":{"en":"Why?"}},{"key":"parts","kind":"choice","multiple":true,"options":[{"key":"tea","label":{"en":"Tea"}},{"key":"cups","label":{"en":"Cups"}}],"question":{"en":"What?"}}]},"properties":["plan"],"values":{},"badge":true,"public_notes":true,"hidden_notes":[],"retention":{"months":null,"contact_days":730},"text_mb_per_day":200,"signed_identity":true,"identity_rotations":0,"identity_rotated_ms":0}'),
('site', 'p2z3r4c5aa0nkvee5mz4');
INSERT INTO key VALUES
('4c6c65ade27a52c7c68a6f4ffe2cf1ec54e4556bd785023d96274c5f955ea72f', 'read', NULL, 1795742380763, NULL, NULL),
('adfbc43d329cb54bab3e5c89b7271b13aa2acff9f382363279d2782146e062e9', 'share', 'The share key', 1795742382038, NULL, NULL),
('c2c79a7a517097d326b727b521541a9b32d1805c4e63f657404e2262258e1b22', 'read', 'The read key', 1795742382031, NULL, NULL),
('e8fbb5ea90b987db509b033914b9865bdbac3e1fd2c8cbcb87e2d9a150e90d59', 'owner', NULL, 1795742380763, 1795742381734, NULL);
INSERT INTO survey VALUES
(1, 1795742380764, '{"variant":"standard","delay_seconds":10}'),
(2, 1795742381739, '{"variant":"standard","delay_seconds":5,"follow_ups":[{"key":"why","kind":"text","question":{"en":"Why?"}},{"key":"parts","kind":"choice","multiple":true,"options":[{"key":"tea","label":{"en":"Tea"}},{"key":"cups","label":{"en":"Cups"}}],"question":{"en":"What?"}}]}');
INSERT INTO response VALUES
(x'019b8d627a807ee4ba2699ee0dbdc1e5', 2097152, 1767603600000, 1, 20458, 'standard', 'import', 9, NULL, NULL, 'Good imported tea', NULL, 0, 0, NULL, NULL, NULL, '{"plan":"pro"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'019b906385807a9eac2b53e405097a56', 2097153, 1767654000000, 1, 20459, 'standard', 'import', 3, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, '{"plan":"free"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'019b906385807fe19c7d2823be64a394', 2097154, 1767654000000, 1, 20459, 'standard', 'import', 3, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, '{"plan":"free"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'019b9793bb407d919af216eccb9547f5', 2097155, 1767774600000, 1, 20460, 'standard', 'import', 8, NULL, NULL, 'Quoted, "imported" words', NULL, 0, 0, NULL, NULL, NULL, '{"plan":"pro"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'019b9ab03d807ba0910247ca089351d4', 2097156, 1767826800000, 1, 20461, 'standard', 'import', 10, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'019b9fd699807703870f5173bd8af9d6', 2097157, 1767913200000, 1, 20462, 'standard', 'import', 5, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, '{"plan":"team"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'019c2ae24d80770cbd1c29e6d59b3723', 4194304, 1770246000000, 1, 20489, 'standard', 'import', 10, NULL, NULL, 'Imported with an id', NULL, 0, 0, NULL, NULL, NULL, '{"plan":"pro"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'019c3008a980787c886d74e31a851a12', 4194305, 1770332400000, 1, 20490, 'standard', 'import', 0, NULL, NULL, 'Imported and dear', NULL, 0, 0, NULL, NULL, NULL, '{"plan":"free"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'019c352f058072248ee94f794dedf5b7', 4194306, 1770418800000, 1, 20491, 'standard', 'import', 6, NULL, NULL, 'Changed by a file', NULL, 0, 0, NULL, NULL, NULL, '{"plan":"team"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'019c3a556180786ead70eed3203fc277', 6291456, 1770505200000, 1, 20492, 'standard', 'import', 9, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, '{"plan":"pro"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a20ea2cfe171a58da4f9fc3c6da5d7', 983185480414504407, 1795742380810, 0, 20784, 'standard', 'page', 0, 1000, 3, 'Much too dear 0', 60000, 1, 0, 'en', '/shop/0', 'mxc7xva4fvevfg149hqjxz7sb9', '{"plan":"free","seats":"0"}', NULL, '["quote"]', '["vip","Über"]', 'Called back', 1, 'Ann', 1795828780810, 1795742381865, 0, NULL),
(x'01a20ea2f6f177a9a56412a9b8a1abcd', 2694298997230775245, 1795742380842, 0, 20784, 'standard', 'link', 7, 1900, 5, 'Lovely crème brûlée 1', 60000, 1, 0, 'de', '/shop/1', NULL, '{"plan":"pro","seats":"1"}', '{"parts":["tea","cups"],"why":"Because 1"}', NULL, '["vip"]', NULL, 2, NULL, NULL, 1795742381877, 0, NULL),
(x'01a21a8ee00171109710cf5327ac435a', 1662056218554549082, 1795741900801, 1, 20784, 'standard', 'mail', 3, 2800, 7, NULL, NULL, 1, 0, 'en', '/shop/2', NULL, '{"plan":"team","seats":"2"}', NULL, NULL, NULL, 'Only a note', NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a8f071178c9a6ceab360512bd13', 2796360667145354515, 1795741910801, 1, 20784, 'standard', 'interview', 10, 3700, 8, 'Slow delivery 3', 60000, 1, 0, 'de', '/shop/3', NULL, '{"plan":"free","seats":"3"}', NULL, NULL, '["later"]', NULL, 0, NULL, NULL, NULL, 0, NULL),
(x'01a21a8f553175c28963dc6e8534f457', 676626736275059799, 1795741930801, 1, 20784, 'standard', 'link', 2, 5500, 10, NULL, NULL, 1, 0, 'de', '/shop/0', 'ehnjn5tapn6xmbs5mz0x8xz8b7', '{"plan":"team","seats":"5"}', NULL, NULL, NULL, NULL, 0, NULL, 1795828330801, NULL, 0, 2),
(x'01a21a8f7c4172c3879d679346d4ac7a', 548708611855264890, 1795741940801, 1, 20784, 'standard', 'mail', 9, 6400, 11, 'Fine 6', 60000, 1, 0, 'en', '/shop/1', NULL, '{"plan":"free","seats":"6"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 1),
(x'01a21a8fa35174309b2ed40ed3addccb', 1958736048098761931, 1795741950801, 1, 20784, 'standard', 'interview', 5, 7300, 11, 'Slow delivery 7', 60000, 1, 0, 'de', '/shop/2', NULL, '{"plan":"pro","seats":"7"}', '{"parts":["tea","cups"],"why":"Because 7"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a8ff1717a4394341aad06905269', 1455817909989298793, 1795741970801, 1, 20784, 'standard', 'link', 8, 9100, 12, 'Lovely crème brûlée 9', 60000, 1, 0, 'de', '/shop/4', NULL, '{"plan":"free","seats":"9"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a9018817ccd82a00403ce80c4b0', 189155598745519280, 1795741980801, 1, 20784, 'standard', 'mail', 4, 10000, 12, 'Fine 10', 60000, 1, 0, 'en', '/shop/0', 'scwwd1apay7f3zx0vhw2v50mm3', '{"plan":"pro","seats":"10"}', NULL, '["quote"]', NULL, NULL, 0, NULL, 1795828380801, NULL, 0, NULL),
(x'01a21a903f9172a0b184ff27459142de', 3568257348920230622, 1795741990801, 1, 20784, 'standard', 'interview', NULL, NULL, NULL, NULL, NULL, 1, 1, 'de', '/shop/1', NULL, '{"plan":"team","seats":"11"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a9066a17a098a25e4664f5253a0', 731241642586166176, 1795742000801, 1, 20784, 'standard', 'page', 7, 11800, 13, 'Much too dear 12', 60000, 1, 0, 'en', '/shop/2', NULL, '{"plan":"free","seats":"12"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a90b4c179b398441b5616332aca', 1748552611880184522, 1795742020801, 1, 20784, 'standard', 'mail', 10, 13600, 14, NULL, NULL, 1, 0, 'en', '/shop/4', NULL, '{"plan":"team","seats":"14"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a90dbd17636abf4a07c56600224', 3167332893833822756, 1795742030801, 1, 20784, 'standard', 'interview', 6, 14500, 14, 'Slow delivery 15', 60000, 1, 0, 'de', '/shop/0', 'vxh7zdpe0va2xdnk8k07gwfek4', '{"plan":"free","seats":"15"}', NULL, '["quote","reference"]', NULL, NULL, 0, NULL, 1795828430801, NULL, 0, NULL),
(x'01a21a9102e172d8bfb62d2c81862fc9', 4590906539325665225, 1795742040801, 1, 20784, 'standard', 'page', 2, 15400, 14, 'Much too dear 16', 60000, 1, 0, 'en', '/shop/1', NULL, '{"plan":"pro","seats":"16"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a9129f17479b93d0e453f508249', 4124468524319015497, 1795742050801, 1, 20784, 'standard', 'link', 9, 16300, 15, NULL, NULL, 1, 0, 'de', '/shop/2', NULL, '{"plan":"team","seats":"17"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a9151017ef7b1cfd99216df6486', 3589326649509766278, 1795742060801, 1, 20784, 'standard', 'mail', 5, 17200, 15, 'Fine 18', 60000, 1, 0, 'en', '/shop/3', NULL, '{"plan":"free","seats":"18"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a9178117f139d905ecfd160c5d0', 2130306870410266064, 1795742070801, 1, 20784, 'standard', 'interview', 1, 18100, 15, 'Slow delivery 19', 60000, 1, 0, 'de', '/shop/4', NULL, '{"plan":"pro","seats":"19"}', '{"parts":["tea","cups"],"why":"Because 19"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a919f2174cf97288ff68c320f89', 1668741951017586569, 1795742080801, 1, 20784, 'standard', 'page', 8, 19000, 15, NULL, NULL, 1, 0, 'en', '/shop/0', 'af4cpc8n0jz1cab005ygm1mnkz', '{"plan":"team","seats":"20"}', NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, 0, NULL),
(x'01a21a91c63174aba8abb93f01d89a02', 2930639662799690242, 1795742090801, 1, 20784, 'standard', 'link', 4, 19900, 15, 'Lovely crème brûlée 21', 60000, 1, 0, 'de', '/shop/1', NULL, '{"plan":"free","seats":"21"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a92145176c5a9f85e3131f3b923', 3024270715163752739, 1795742110801, 1, 20784, 'standard', 'interview', 7, 21700, 16, NULL, NULL, 1, 0, 'de', '/shop/3', NULL, '{"plan":"team","seats":"23"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a923b6176e589c7b59b995253fd', 704731546603639805, 1795742120801, 1, 20784, 'standard', 'page', NULL, NULL, NULL, NULL, NULL, 1, 1, 'en', '/shop/4', NULL, '{"plan":"free","seats":"24"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a92627173b8a94c4ea3738d243a', 2975839917710320698, 1795742130801, 1, 20784, 'standard', 'link', 10, 23500, 16, 'Lovely crème brûlée 25', 60000, 1, 0, 'de', '/shop/0', 'ex1pqqm25477nyns8bj8zt6j3q', '{"plan":"pro","seats":"25"}', '{"parts":["tea","cups"],"why":"Because 25"}', '["quote","reference"]', NULL, NULL, 0, NULL, NULL, NULL, 0, NULL),
(x'01a21a9289817d018278c2614e1bcb38', 178105908459195192, 1795742140801, 1, 20784, 'standard', 'mail', 6, 24400, 16, NULL, NULL, 1, 0, 'en', '/shop/1', NULL, '{"plan":"team","seats":"26"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a92b091714c8b11ad28cc21ce88', 797608999756353160, 1795742150801, 1, 20784, 'standard', 'interview', 2, 25300, 16, 'Slow delivery 27', 60000, 1, 0, 'de', '/shop/2', NULL, '{"plan":"free","seats":"27"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a92d7a17a05b671863c0bdbc23a', 3923064342871523898, 1795742160801, 1, 20784, 'standard', 'page', 9, 26200, 17, 'Much too dear 28', 60000, 1, 0, 'en', '/shop/3', NULL, '{"plan":"pro","seats":"28"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a92feb1784d87ca7883ff5a52f1', 561393611881206513, 1795742170801, 1, 20784, 'standard', 'link', 5, 27100, 17, NULL, NULL, 1, 0, 'de', '/shop/4', NULL, '{"plan":"team","seats":"29"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a9325c1778aa5e333cb88dcf943', 2730082748384213315, 1795742180801, 1, 20784, 'standard', 'mail', 1, 28000, 17, 'Fine 30', 60000, 1, 0, 'en', '/shop/0', 'mxc7xva4fvevfg149hqjxz7sb9', '{"plan":"free","seats":"30"}', NULL, '["quote"]', NULL, NULL, 0, NULL, 1795828580801, NULL, 0, NULL),
(x'01a21a9373e1733fa9dd38b869ace913', 3016629690106177811, 1795742200801, 1, 20784, 'standard', 'page', 4, 29800, 17, NULL, NULL, 1, 0, 'en', '/shop/2', NULL, '{"plan":"team","seats":"32"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a939af1770ea1f65507a2909cb6', 2447236938802961590, 1795742210801, 1, 20784, 'standard', 'link', 0, 30700, 17, 'Lovely crème brûlée 33', 60000, 1, 0, 'de', '/shop/3', NULL, '{"plan":"free","seats":"33"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a93c20175b0af0733c846bbe9e8', 3388734179892783592, 1795742220801, 1, 20784, 'standard', 'mail', 7, 31600, 17, 'Fine 34', 60000, 1, 0, 'en', '/shop/4', NULL, '{"plan":"pro","seats":"34"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a93e911796abf37a2be6f98bca3', 4555288486908312739, 1795742230801, 1, 20784, 'standard', 'interview', 3, 32500, 18, NULL, NULL, 1, 0, 'de', '/shop/0', 'ehnjn5tapn6xmbs5mz0x8xz8b7', '{"plan":"team","seats":"35"}', NULL, NULL, NULL, NULL, 0, NULL, 1795828630801, NULL, 0, NULL),
(x'01a21a94102178eea26a25c852175b7a', 2479836087121828730, 1795742240801, 1, 20784, 'standard', 'page', 10, 33400, 18, 'Much too dear 36', 60000, 1, 0, 'en', '/shop/1', NULL, '{"plan":"free","seats":"36"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a943731752fa78131c132decd6b', 2846611145326775659, 1795742250801, 1, 20784, 'standard', 'link', NULL, NULL, NULL, NULL, NULL, 1, 1, 'de', '/shop/2', NULL, '{"plan":"pro","seats":"37"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a945e4170ff96e4a51519d9c9cc', 1649624873571043788, 1795742260801, 1, 20784, 'standard', 'mail', 2, 35200, 18, NULL, NULL, 1, 0, 'en', '/shop/3', NULL, '{"plan":"team","seats":"38"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a9485517470ba973000b54a2302', 4221895955282797314, 1795742270801, 1, 20784, 'standard', 'interview', 9, 36100, 18, 'Slow delivery 39', 60000, 1, 0, 'de', '/shop/4', NULL, '{"plan":"free","seats":"39"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a94d37174a4ad733dcdef40af2e', 3275029308720066350, 1795742290801, 1, 20784, 'standard', 'link', 1, 37900, 18, NULL, NULL, 1, 0, 'de', '/shop/1', NULL, '{"plan":"team","seats":"41"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a94fa8170ac8692b534758240df', 473640147741720799, 1795742300801, 1, 20784, 'standard', 'mail', 8, 38800, 18, 'Fine 42', 60000, 1, 0, 'en', '/shop/2', NULL, '{"plan":"free","seats":"42"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a9521917152b281b8885b69dc23', 3639392869680798755, 1795742310801, 1, 20784, 'standard', 'interview', 4, 39700, 18, 'Slow delivery 43', 60000, 1, 0, 'de', '/shop/3', NULL, '{"plan":"pro","seats":"43"}', '{"parts":["tea","cups"],"why":"Because 43"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21a9548a17f47b6e7d078e55b85dd', 3956360015330903517, 1795742320801, 1, 20784, 'standard', 'page', 0, 40600, 19, NULL, NULL, 1, 0, 'en', '/shop/4', NULL, '{"plan":"team","seats":"44"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL),
(x'01a21a956fb17acebc20f6264922b9cc', 4332733485826619852, 1795742330801, 1, 20784, 'standard', 'link', 7, 41500, 19, 'Lovely crème brûlée 45', 60000, 1, 0, 'de', '/shop/0', 'vxh7zdpe0va2xdnk8k07gwfek4', '{"plan":"free","seats":"45"}', NULL, '["quote","reference"]', NULL, NULL, 0, NULL, NULL, NULL, 3, NULL),
(x'01a21a9596c1704993be4721f5b9e1f5', 1422652743477748213, 1795742340801, 1, 20784, 'standard', 'mail', 3, 42400, 19, 'Fine 46', 60000, 1, 0, 'en', '/shop/1', NULL, '{"plan":"pro","seats":"46"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL),
(x'01a21a95bdd1752589fbac3652a3b181', 719357914810397057, 1795742350801, 1, 20784, 'standard', 'interview', 10, 43300, 19, NULL, NULL, 1, 0, 'de', '/shop/2', NULL, '{"plan":"team","seats":"47"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL),
(x'11021c9e32114ac1ac7cc4a4ff4dab10', 3205653247717911312, 1795742381554, 0, 20784, 'again', 'interview', 8, 28900, 17, 'Slow delivery 31', 60000, 1, 0, 'de', '/shop/1', NULL, '{"plan":"pro","seats":"31"}', '{"parts":["tea","cups"],"why":"Because 31"}', NULL, NULL, NULL, 0, NULL, NULL, NULL, 0, NULL),
(x'38d048ec0f1049c683e1b258fd724452', 279700747152671826, 1795742380884, 0, 20784, 'standard', 'page', 6, 4600, 9, 'Much too dear 4', 60000, 1, 0, 'en', '/shop/4', NULL, '{"plan":"pro","seats":"4"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'54c0ce681f444bd1bcc75f3edcb285f8', 4379573886236395000, 1795742381675, 0, 20784, 'standard', 'page', 5, 37000, 18, 'Much too dear 40', 60000, 1, 0, 'en', '/shop/0', 'scwwd1apay7f3zx0vhw2v50mm3', '{"plan":"pro","seats":"40"}', NULL, '["quote"]', NULL, NULL, 0, NULL, 1795828781675, NULL, 0, NULL),
(x'5f552773e14b4190993936e1daca3c06', 1817544268286934022, 1795742381143, 0, 20784, 'standard', 'link', 3, 12700, 14, 'Lovely crème brûlée 13', 60000, 1, 0, 'de', '/shop/3', NULL, '{"plan":"pro","seats":"13"}', '{"parts":["tea","cups"],"why":"Because 13"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'8224b122c3e4489299196ada4fcfa583', 1808594211240387971, 1795742381346, 0, 20784, 'standard', 'mail', 0, 20800, 16, 'Fine 22', 60000, 1, 0, 'en', '/shop/2', NULL, '{"plan":"pro","seats":"22"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL);
INSERT INTO contact VALUES
(x'01a21a8f071178c9a6ceab360512bd13', 'visitor3@shop.example', 1795742380879), (x'01a21a9018817ccd82a00403ce80c4b0', 'visitor10@shop.example', 1795742381099),
(x'01a21a956fb17acebc20f6264922b9cc', 'visitor45@shop.example', 1795742381816), (x'11021c9e32114ac1ac7cc4a4ff4dab10', 'visitor31@shop.example', 1795742381566);
INSERT INTO property VALUES
(0, 'channel', '', x'ffffffffffffffffffffffffffffffffff', 0, 0), (1, 'plan', '$."plan"', x'ffffffffffffffffffffffffffffffffff', 0, 0);
INSERT INTO value VALUES
(0, 1, 'page', x'ffffffffffffffffffffffffffffffffff'), (0, 2, 'link', x'ffffffffffffffffffffffffffffffffff'), (0, 3, 'mail', x'ffffffffffffffffffffffffffffffffff'),
(0, 4, 'interview', x'ffffffffffffffffffffffffffffffffff'), (0, 5, 'import', x'ffffffffffffffffffffffffffffffffff'), (1, 1, 'free', x'ffffffffffffffffffffffffffffffffff'),
(1, 2, 'pro', x'ffffffffffffffffffffffffffffffffff'), (1, 3, 'team', x'ffffffffffffffffffffffffffffffffff');
INSERT INTO due VALUES
('retention', '', 1795828780764), ('webhook', 'bef5z135h3w7', 1795742426806);
INSERT INTO note VALUES
('r72swmhhkt6n', 20513, 'Price change', 0, 1795742382018), ('sngepdf4dgby', 20485, 'New blend', 1, 1795742382006);
INSERT INTO webhook VALUES
('0dj29zpcwz8t', 'paused', 'http://$RECEIVER/paused', '["response"]', 'json', 0, NULL, 1795742381773, 0, 1795742381782, 'Paused by the owner.', NULL, NULL, 'owner'),
('bef5z135h3w7', 'failing', 'http://$RECEIVER/failing', '["detractor"]', 'json', 0, NULL, 1795742381769, 3, NULL, NULL, 1795742391854, NULL, NULL),
('m57cydcng71k', 'ok', 'http://$RECEIVER/ok', '["response"]', 'json', 0, NULL, 1795742381752, 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO delivery VALUES
(1, 'm57cydcng71k', 'response', '01a21a956fb17acebc20f6264922b9cc', '{"type":"response.created","timestamp":"2026-11-27T01:19:51.829Z","site":{"id":"p2z3r4c5aa0nkvee5mz4","name":"Tea shop"},"data":{"answers":{},"assignee":null,"at":"2026-11-27T01:18:50.801Z","category":"passive","channel":"link","comment":"Lovely crème brûlée 45","consents":["quote","reference"],"contacted_at":null,"dismissed":false,"due_at":null,"id":"01a21a95-6fb1-7ace-bc20-f6264922b9cc","lang":"de","mark":null,"note":null,"page":"/shop/0","properties":{"plan":"free","seats":"45"},"score":7,"seconds":41.5,"shown":true,"state":"open","tags":[],"user":"vxh7zdpe0va2xdnk8k07gwfek4","variant":"standard"}}', 1795742391829, 'delivered', 1795742421834, 1, 'passive', 0, NULL, NULL),
(2, '0dj29zpcwz8t', 'response', '01a21a956fb17acebc20f6264922b9cc', '{"type":"response.created","timestamp":"2026-11-27T01:19:51.830Z","site":{"id":"p2z3r4c5aa0nkvee5mz4","name":"Tea shop"},"data":{"answers":{},"assignee":null,"at":"2026-11-27T01:18:50.801Z","category":"passive","channel":"link","comment":"Lovely crème brûlée 45","consents":["quote","reference"],"contacted_at":null,"dismissed":false,"due_at":null,"id":"01a21a95-6fb1-7ace-bc20-f6264922b9cc","lang":"de","mark":null,"note":null,"page":"/shop/0","properties":{"plan":"free","seats":"45"},"score":7,"seconds":41.5,"shown":true,"state":"open","tags":[],"user":"vxh7zdpe0va2xdnk8k07gwfek4","variant":"standard"}}', 1795742391830, 'pending', 1795742391830, 0, 'passive', 0, NULL, NULL),
(3, 'm57cydcng71k', 'response', '01a21a9596c1704993be4721f5b9e1f5', '{"type":"response.created","timestamp":"2026-11-27T01:19:51.846Z","site":{"id":"p2z3r4c5aa0nkvee5mz4","name":"Tea shop"},"data":{"answers":{},"assignee":null,"at":"2026-11-27T01:19:00.801Z","category":"detractor","channel":"email","comment":"Fine 46","consents":[],"contacted_at":null,"dismissed":false,"due_at":null,"id":"01a21a95-96c1-7049-93be-4721f5b9e1f5","lang":"en","mark":null,"note":null,"page":"/shop/1","properties":{"plan":"pro","seats":"46"},"score":3,"seconds":42.4,"shown":true,"state":null,"tags":[],"user":null,"variant":"standard"}}', 1795742391846, 'delivered', 1795742421850, 1, 'detractor', 0, NULL, NULL),
(4, 'bef5z135h3w7', 'detractor', '01a21a9596c1704993be4721f5b9e1f5', '{"type":"response.detractor","timestamp":"2026-11-27T01:19:51.846Z","site":{"id":"p2z3r4c5aa0nkvee5mz4","name":"Tea shop"},"data":{"answers":{},"assignee":null,"at":"2026-11-27T01:19:00.801Z","category":"detractor","channel":"email","comment":"Fine 46","consents":[],"contacted_at":null,"dismissed":false,"due_at":null,"id":"01a21a95-96c1-7049-93be-4721f5b9e1f5","lang":"en","mark":null,"note":null,"page":"/shop/1","properties":{"plan":"pro","seats":"46"},"score":3,"seconds":42.4,"shown":true,"state":null,"tags":[],"user":null,"variant":"standard"}}', 1795742391846, 'pending', 1795742456858, 2, 'detractor', 0, NULL, NULL),
(5, '0dj29zpcwz8t', 'response', '01a21a9596c1704993be4721f5b9e1f5', '{"type":"response.created","timestamp":"2026-11-27T01:19:51.846Z","site":{"id":"p2z3r4c5aa0nkvee5mz4","name":"Tea shop"},"data":{"answers":{},"assignee":null,"at":"2026-11-27T01:19:00.801Z","category":"detractor","channel":"email","comment":"Fine 46","consents":[],"contacted_at":null,"dismissed":false,"due_at":null,"id":"01a21a95-96c1-7049-93be-4721f5b9e1f5","lang":"en","mark":null,"note":null,"page":"/shop/1","properties":{"plan":"pro","seats":"46"},"score":3,"seconds":42.4,"shown":true,"state":null,"tags":[],"user":null,"variant":"standard"}}', 1795742391846, 'pending', 1795742391846, 0, 'detractor', 0, NULL, NULL),
(6, 'm57cydcng71k', 'response', '01a21a9548a17f47b6e7d078e55b85dd', '{"type":"response.created","timestamp":"2026-11-27T01:20:21.796Z","site":{"id":"p2z3r4c5aa0nkvee5mz4","name":"Tea shop"},"data":{"answers":{},"assignee":null,"at":"2026-11-27T01:18:40.801Z","category":"detractor","channel":"web","comment":null,"consents":[],"contacted_at":null,"dismissed":false,"due_at":null,"id":"01a21a95-48a1-7f47-b6e7-d078e55b85dd","lang":"en","mark":null,"note":null,"page":"/shop/4","properties":{"plan":"team","seats":"44"},"score":0,"seconds":40.6,"shown":true,"state":null,"tags":[],"user":null,"variant":"standard"}}', 1795742421796, 'delivered', 1795742451801, 1, 'detractor', 0, NULL, NULL),
(7, 'bef5z135h3w7', 'detractor', '01a21a9548a17f47b6e7d078e55b85dd', '{"type":"response.detractor","timestamp":"2026-11-27T01:20:21.796Z","site":{"id":"p2z3r4c5aa0nkvee5mz4","name":"Tea shop"},"data":{"answers":{},"assignee":null,"at":"2026-11-27T01:18:40.801Z","category":"detractor","channel":"web","comment":null,"consents":[],"contacted_at":null,"dismissed":false,"due_at":null,"id":"01a21a95-48a1-7f47-b6e7-d078e55b85dd","lang":"en","mark":null,"note":null,"page":"/shop/4","properties":{"plan":"team","seats":"44"},"score":0,"seconds":40.6,"shown":true,"state":null,"tags":[],"user":null,"variant":"standard"}}', 1795742421796, 'pending', 1795742426806, 1, 'detractor', 0, NULL, NULL),
(8, '0dj29zpcwz8t', 'response', '01a21a9548a17f47b6e7d078e55b85dd', '{"type":"response.created","timestamp":"2026-11-27T01:20:21.796Z","site":{"id":"p2z3r4c5aa0nkvee5mz4","name":"Tea shop"},"data":{"answers":{},"assignee":null,"at":"2026-11-27T01:18:40.801Z","category":"detractor","channel":"web","comment":null,"consents":[],"contacted_at":null,"dismissed":false,"due_at":null,"id":"01a21a95-48a1-7f47-b6e7-d078e55b85dd","lang":"en","mark":null,"note":null,"page":"/shop/4","properties":{"plan":"team","seats":"44"},"score":0,"seconds":40.6,"shown":true,"state":null,"tags":[],"user":null,"variant":"standard"}}', 1795742421796, 'pending', 1795742421796, 0, 'detractor', 0, NULL, NULL),
(9, 'm57cydcng71k', 'response', '01a21a95bdd1752589fbac3652a3b181', '{"type":"response.created","timestamp":"2026-11-27T01:20:21.860Z","site":{"id":"p2z3r4c5aa0nkvee5mz4","name":"Tea shop"},"data":{"answers":{},"assignee":null,"at":"2026-11-27T01:19:10.801Z","category":"promoter","channel":"interview","comment":null,"consents":[],"contacted_at":null,"dismissed":false,"due_at":null,"id":"01a21a95-bdd1-7525-89fb-ac3652a3b181","lang":"de","mark":null,"note":null,"page":"/shop/2","properties":{"plan":"team","seats":"47"},"score":10,"seconds":43.3,"shown":true,"state":null,"tags":[],"user":null,"variant":"standard"}}', 1795742421860, 'delivered', 1795742451862, 1, 'promoter', 0, NULL, NULL),
(10, '0dj29zpcwz8t', 'response', '01a21a95bdd1752589fbac3652a3b181', '{"type":"response.created","timestamp":"2026-11-27T01:20:21.860Z","site":{"id":"p2z3r4c5aa0nkvee5mz4","name":"Tea shop"},"data":{"answers":{},"assignee":null,"at":"2026-11-27T01:19:10.801Z","category":"promoter","channel":"interview","comment":null,"consents":[],"contacted_at":null,"dismissed":false,"due_at":null,"id":"01a21a95-bdd1-7525-89fb-ac3652a3b181","lang":"de","mark":null,"note":null,"page":"/shop/2","properties":{"plan":"team","seats":"47"},"score":10,"seconds":43.3,"shown":true,"state":null,"tags":[],"user":null,"variant":"standard"}}', 1795742421860, 'pending', 1795742421860, 0, 'promoter', 0, NULL, NULL);
INSERT INTO attempt VALUES
(1, 1, 1795742391838, 200, NULL, 3), (3, 1, 1795742391856, 200, NULL, 6), (4, 1, 1795742391853, 500, NULL, 4), (4, 2, 1795742396858, 500, NULL, 2), (6, 1, 1795742421812, 200, NULL, 11),
(7, 1, 1795742421806, 500, NULL, 7), (9, 1, 1795742421870, 200, NULL, 8);
INSERT INTO day VALUES
(0, 'again', 20784, 4, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20458, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20459, 5, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20460, 5, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20461, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20462, 5, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20489, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20490, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20491, 5, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20492, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20784, 1, 2, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 11, 10, 1, 7, 11, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0, 2, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20784, 2, 1, 1, 0, 1, 1, 1, 0, 2, 1, 1, 1, 11, 10, 1, 7, 11, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 1, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20784, 3, 1, 1, 1, 2, 1, 1, 1, 1, 1, 0, 1, 11, 11, 0, 7, 11, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 1, 2, 2, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20784, 4, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 2, 11, 10, 1, 7, 11, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 1, 2, 0, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'again', 20784, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20458, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20459, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20460, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20461, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20462, 3, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20489, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20490, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20491, 3, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20492, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20784, 1, 2, 1, 1, 0, 1, 1, 1, 2, 2, 1, 2, 15, 14, 1, 14, 15, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 2, 1, 2, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20784, 2, 1, 1, 1, 2, 2, 2, 1, 2, 0, 1, 1, 15, 14, 1, 14, 15, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0, 2, 1, 2, 2, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20784, 3, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 14, 13, 1, 0, 14, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 2, 2, 2, 3, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO audit VALUES
(1, 1795742380764, 'admin', NULL, NULL, 'site.created', NULL), (2, 1795742381740, 'owner', 'e8fbb5ea90b9', NULL, 'survey.changed', NULL),
(3, 1795742381752, 'owner', 'e8fbb5ea90b9', NULL, 'webhook.created', 'm57cydcng71k'), (4, 1795742381770, 'owner', 'e8fbb5ea90b9', NULL, 'webhook.created', 'bef5z135h3w7'),
(5, 1795742381773, 'owner', 'e8fbb5ea90b9', NULL, 'webhook.created', '0dj29zpcwz8t'), (6, 1795742381782, 'owner', 'e8fbb5ea90b9', NULL, 'webhook.changed', '0dj29zpcwz8t'),
(7, 1795742381869, 'owner', 'e8fbb5ea90b9', NULL, 'response.changed', '01a20ea2-cfe1-71a5-8da4-f9fc3c6da5d7'),
(8, 1795742381878, 'owner', 'e8fbb5ea90b9', NULL, 'response.changed', '01a20ea2-f6f1-77a9-a564-12a9b8a1abcd'),
(9, 1795742381887, 'owner', 'e8fbb5ea90b9', NULL, 'response.changed', '01a21a8e-e001-7110-9710-cf5327ac435a'),
(10, 1795742381899, 'owner', 'e8fbb5ea90b9', NULL, 'response.changed', '01a21a8f-0711-78c9-a6ce-ab360512bd13'),
(11, 1795742381923, 'owner', 'e8fbb5ea90b9', NULL, 'response.changed', '01a21a8f-5531-75c2-8963-dc6e8534f457'),
(12, 1795742381935, 'owner', 'e8fbb5ea90b9', NULL, 'response.changed', '01a21a8f-7c41-72c3-879d-679346d4ac7a'),
(13, 1795742381940, 'owner', 'e8fbb5ea90b9', NULL, 'response.erased', '01a21a8f-ca61-7ed7-b165-c8ce36e2f24b'), (14, 1795742381964, 'owner', 'e8fbb5ea90b9', NULL, 'responses.imported', NULL),
(15, 1795742381982, 'owner', 'e8fbb5ea90b9', NULL, 'responses.imported', NULL), (16, 1795742381992, 'owner', 'e8fbb5ea90b9', NULL, 'responses.imported', NULL),
(17, 1795742382008, 'owner', 'e8fbb5ea90b9', NULL, 'note.created', 'sngepdf4dgby'), (18, 1795742382018, 'owner', 'e8fbb5ea90b9', NULL, 'note.created', 'r72swmhhkt6n'),
(19, 1795742382031, 'owner', 'e8fbb5ea90b9', NULL, 'key.created', 'c2c79a7a5170'), (20, 1795742382038, 'owner', 'e8fbb5ea90b9', NULL, 'key.created', 'adfbc43d329c'),
(21, 1795742382056, 'owner', 'e8fbb5ea90b9', NULL, 'settings.changed', NULL), (22, 1795742422071, 'owner', 'e8fbb5ea90b9', NULL, 'responses.exported', NULL);
INSERT INTO marked VALUES
(x'01a21a8f553175c28963dc6e8534f457'), (x'01a21a8f7c4172c3879d679346d4ac7a');
DELETE FROM words_data;
INSERT INTO words_data VALUES
(1, x'2371'), (10, x'0000000102032100031001010101010201010000'),
(137438953473, x'0000004b0330616e8280800002040301648280800102030104646561728280800102040102696482808000020502076d706f72746564828080000202010202010477697468828080000203040a090c0a12'),
(274877906945, x'000000320230618280800202040102627982808002020301076368616e676564828080020202010466696c6582808002020504090a0f'),
(2199023255553, x'000004fa02303086e99f9fe1f1dba5d7020501013192d982aacde2c3abcd020502013081a880c09eba81c4b002030201328589bcc6b2bda4d3a002050201338ccea6ee8eeb94bc06020502013595fd9487e2d9c0822402040201369fedc5d2e4868cafc9020502013898f3fb9990dbbee48602030201398ee48becfec5c1c5d002040102323194aaf793f887b19a0202050201328cc6adadd2bf9fa583020302013594d389ea9bce9aa43a020502013785c4b5d2c6b0c3ce8802040201389b9cb0e3e0afb7c23a020501013393b3d5b3b094a5bd13020402013092f8e6bcdca3b9f9430203020131969f98caa7fd9bab10020402013390fdcad0bd8aa19cb6020502013497c1e6bcc29af7e9e80203020136919ac4dcc2c8aedb7a02050201399da5e68085d594a302020401013481f8b6a5c7f5e4c45202050201309eb1ebf3f6f2e585f8020502013283a4d6d3a3d684c0df020302013399a0b788c2edd3dc2302040201359e889ee2b2a4c5b9cc020502013689efc8f28fd6f3e1f5020301013683e7acf99a9ba9ac7a02030101378dcbdac0f6cedbdccb02040101398a8d83aae89aa0d269020501066272756c65658a8d83aae89aa0d269020482c1a3c3a6d0f3e99d020484afa3e2ae9f8ce0b0020481dbb7da90d8a28f17020481d1f4e9aaa4edee350204d0a5acc78dd29438020489b594f896d6ab9592020401056372656d658a8d83aae89aa0d269020382c1a3c3a6d0f3e99d020384afa3e2ae9f8ce0b0020381dbb7da90d8a28f17020381d1f4e9aaa4edee350203d0a5acc78dd29438020389b594f896d6ab9592020301046465617281f8b6a5c7f5e4c4520204839186a0eac7c08f4e020481dfe2d9afb4b6d23702048ab1a5bce0d6d3b5a302048a81ec879de788e6c002048395bb9096c3adc3be020481bbd9deed93a7a9d1020403066c697665727985c4b5d2c6b0c3ce8802038887a4eeb09e988e4302038198b1ac87f6e5e905020384cfc9c6b1cee3f743020382c9bed4b2c59ac5110203c489858ac7b6d16c020383819ebe9af0b8b11302038485aef7c2e7c0c6df0203010466696e6581a880c09eba81c4b0020281fcd693859c82fc2f020280c2d6a5f6c5a4eb9b020286889bf8f5bbcab57b020282d6e4bbc2e8abc38e020286b2b98f89e49ad3c0020284c8ffffe5f7bdf0a5020281b294dccec0c6fa9e02020104676f6f648180800002020108696d706f7274656481808000020303020301066c6f76656c798a8d83aae89aa0d269020282c1a3c3a6d0f3e99d020284afa3e2ae9f8ce0b0020281dbb7da90d8a28f17020281d1f4e9aaa4edee350202d0a5acc78dd29438020289b594f896d6ab9592020201046d75636881f8b6a5c7f5e4c4520202839186a0eac7c08f4e020281dfe2d9afb4b6d23702028ab1a5bce0d6d3b5a302028a81ec879de788e6c002028395bb9096c3adc3be020281bbd9deed93a7a9d10202010671756f7465648180800302020104736c6f7785c4b5d2c6b0c3ce8802028887a4eeb09e988e4302028198b1ac87f6e5e905020284cfc9c6b1cee3f743020282c9bed4b2c59ac5110202c489858ac7b6d16c020283819ebe9af0b8b11302028485aef7c2e7c0c6df0202010374656181808000020402026f6f81f8b6a5c7f5e4c4520203839186a0eac7c08f4e020381dfe2d9afb4b6d23702038ab1a5bce0d6d3b5a302038a81ec879de788e6c002038395bb9096c3adc3be020381bbd9deed93a7a9d102030105776f726473818080030204040e0e0e0e0e0e0e0e0e0f0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e5453535f5e0c1354530e5d0b51');
DELETE FROM words_idx;
INSERT INTO words_idx VALUES
(1, x'', 2), (2, x'', 2), (16, x'', 2);
DELETE FROM words_docsize;
INSERT INTO words_docsize VALUES
(2097152, x'03'), (2097155, x'03'), (4194304, x'04'), (4194305, x'03'), (4194306, x'04'), (189155598745519280, x'02'), (279700747152671826, x'04'), (473640147741720799, x'02'),
(548708611855264890, x'02'), (731241642586166176, x'04'), (797608999756353160, x'03'), (983185480414504407, x'04'), (1422652743477748213, x'02'), (1455817909989298793, x'04'),
(1808594211240387971, x'02'), (1817544268286934022, x'04'), (1958736048098761931, x'03'), (2130306870410266064, x'03'), (2447236938802961590, x'04'), (2479836087121828730, x'04'),
(2694298997230775245, x'04'), (2730082748384213315, x'02'), (2796360667145354515, x'03'), (2930639662799690242, x'04'), (2975839917710320698, x'04'), (3167332893833822756, x'03'),
(3205653247717911312, x'03'), (3388734179892783592, x'02'), (3589326649509766278, x'02'), (3639392869680798755, x'03'), (3923064342871523898, x'04'), (4221895955282797314, x'03'),
(4332733485826619852, x'04'), (4379573886236395000, x'04'), (4590906539325665225, x'04');
DELETE FROM words_config;
INSERT INTO words_config VALUES
('secure-delete', 1), ('version', 4);
INSERT INTO word_row VALUES
(2097152, x'019b8d627a807ee4ba2699ee0dbdc1e5'), (2097155, x'019b9793bb407d919af216eccb9547f5'), (4194304, x'019c2ae24d80770cbd1c29e6d59b3723'), (4194305, x'019c3008a980787c886d74e31a851a12'),
(4194306, x'019c352f058072248ee94f794dedf5b7'), (189155598745519280, x'01a21a9018817ccd82a00403ce80c4b0'), (279700747152671826, x'38d048ec0f1049c683e1b258fd724452'),
(473640147741720799, x'01a21a94fa8170ac8692b534758240df'), (548708611855264890, x'01a21a8f7c4172c3879d679346d4ac7a'), (731241642586166176, x'01a21a9066a17a098a25e4664f5253a0'),
(797608999756353160, x'01a21a92b091714c8b11ad28cc21ce88'), (983185480414504407, x'01a20ea2cfe171a58da4f9fc3c6da5d7'), (1422652743477748213, x'01a21a9596c1704993be4721f5b9e1f5'),
(1455817909989298793, x'01a21a8ff1717a4394341aad06905269'), (1808594211240387971, x'8224b122c3e4489299196ada4fcfa583'), (1817544268286934022, x'5f552773e14b4190993936e1daca3c06'),
(1958736048098761931, x'01a21a8fa35174309b2ed40ed3addccb'), (2130306870410266064, x'01a21a9178117f139d905ecfd160c5d0'), (2447236938802961590, x'01a21a939af1770ea1f65507a2909cb6'),
(2479836087121828730, x'01a21a94102178eea26a25c852175b7a'), (2694298997230775245, x'01a20ea2f6f177a9a56412a9b8a1abcd'), (2730082748384213315, x'01a21a9325c1778aa5e333cb88dcf943'),
(2796360667145354515, x'01a21a8f071178c9a6ceab360512bd13'), (2930639662799690242, x'01a21a91c63174aba8abb93f01d89a02'), (2975839917710320698, x'01a21a92627173b8a94c4ea3738d243a'),
(3167332893833822756, x'01a21a90dbd17636abf4a07c56600224'), (3205653247717911312, x'11021c9e32114ac1ac7cc4a4ff4dab10'), (3388734179892783592, x'01a21a93c20175b0af0733c846bbe9e8'),
(3589326649509766278, x'01a21a9151017ef7b1cfd99216df6486'), (3639392869680798755, x'01a21a9521917152b281b8885b69dc23'), (3923064342871523898, x'01a21a92d7a17a05b671863c0bdbc23a'),
(4221895955282797314, x'01a21a9485517470ba973000b54a2302'), (4332733485826619852, x'01a21a956fb17acebc20f6264922b9cc'), (4379573886236395000, x'54c0ce681f444bd1bcc75f3edcb285f8'),
(4590906539325665225, x'01a21a9102e172d8bfb62d2c81862fc9');
INSERT INTO import VALUES
(1, 'dzvh767mkpq0', 1795742381964, 'a3acab50a3307a6e88f26c74e4b8b716fc384d4462dce74b7ca5c135d8b9b471', 'e8fbb5ea90b9', NULL, '{"cut":{"count":0,"lines":[]},"left_out":[],"marked":0,"older_than_kept":0,"options":{"format":"csv"},"rejected":0,"rows":6,"same_id":{"count":0,"lines":[]},"tool":null,"without_date":0,"without_score":0}', 'complete', 6, 0, 0, x'', 0),
(2, 'g8wmqkxcw92g', 1795742381982, '54f241d59924a86c1cdb878e9bca398587e500c55383a0625c3a0e86ee9790d3', 'e8fbb5ea90b9', NULL, '{"cut":{"count":0,"lines":[]},"left_out":[],"marked":0,"older_than_kept":0,"options":{"format":"csv"},"rejected":0,"rows":3,"same_id":{"count":0,"lines":[]},"tool":null,"without_date":0,"without_score":0}', 'complete', 3, 0, 0, x'', 0),
(3, 'hxrmmytbv2dn', 1795742381992, '288813afd61b46e2ee39930164ddae7431a35010275e76c194d017bee6557365', 'e8fbb5ea90b9', NULL, '{"cut":{"count":0,"lines":[]},"left_out":[],"marked":0,"older_than_kept":0,"options":{"format":"csv"},"rejected":0,"rows":2,"same_id":{"count":0,"lines":[]},"tool":null,"without_date":0,"without_score":0}', 'complete', 1, 1, 0, x'', 0);
INSERT INTO import_key VALUES
(x'af8ed387aca201c8583e8825fce1ff48', x'019b8d627a807ee4ba2699ee0dbdc1e5', 1), (x'59221e7a7c2cb106665ae68ff3317253', x'019b906385807a9eac2b53e405097a56', 1),
(x'87243a139aedaf79e7d355ebdc33a052', x'019b906385807fe19c7d2823be64a394', 1), (x'7d0906fb9d9ee5e3b172ce83f4b92fb9', x'019b9793bb407d919af216eccb9547f5', 1),
(x'a92fba979bd16d0ad8bcec233ec8462d', x'019b9ab03d807ba0910247ca089351d4', 1), (x'f2133c0f01d0572ef9666c02c073cbae', x'019b9fd699807703870f5173bd8af9d6', 1),
(x'4de6e84b153fb2dc6b4387e31181f760', x'019c2ae24d80770cbd1c29e6d59b3723', 2), (x'b980d1ae51e9c789a4a255f5eba77c85', x'019c3008a980787c886d74e31a851a12', 2),
(x'da21fe4b6fce0b709c2e95d160ef0deb', x'019c352f058072248ee94f794dedf5b7', 2), (x'2aa74960eaee1fc6e13e1fa87655b424', x'019c3a556180786ead70eed3203fc277', 3);
INSERT INTO import_change VALUES
(3, x'019c352f058072248ee94f794dedf5b7', '{"at":1770418800000,"timed":1,"columns":{"at":true,"comment":true,"id":true,"properties":{"plan":null},"score":true,"dated":1},"score":7,"comment":null,"lang":null,"page":null,"user":null,"properties":"{\"plan\":\"team\"}"}');
INSERT INTO tagged VALUES
('later', x'01a21a8f071178c9a6ceab360512bd13'), ('vip', x'01a20ea2cfe171a58da4f9fc3c6da5d7'), ('vip', x'01a20ea2f6f177a9a56412a9b8a1abcd'), ('Über', x'01a20ea2cfe171a58da4f9fc3c6da5d7');
INSERT INTO erased_row VALUES
(x'87a87771f9d0847cfa10929008a4c4a5'), (x'913132b8d53bdbcd7e34f05e2a1246a5');
UPDATE sqlite_sequence SET seq = 3 WHERE name = 'import';
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'delivery';
CREATE INDEX response_untimed ON response (at, id) WHERE timed = 0;
CREATE INDEX response_case ON response (state, due) WHERE state IS NOT NULL;
CREATE INDEX response_user ON response (user, at) WHERE user IS NOT NULL;
CREATE TRIGGER case_added AFTER INSERT ON response WHEN NEW.score IS NOT NULL AND NEW.state IS NULL AND (NEW.user IS NOT NULL OR EXISTS (SELECT 1 FROM contact WHERE id = NEW.id)) BEGIN UPDATE
   response SET state = 0, due = CASE WHEN NEW.score <= 6 THEN NEW.at + 86400000 END WHERE id = NEW.id; END;
CREATE TRIGGER case_scored AFTER UPDATE OF score, user ON response WHEN NEW.score IS NOT NULL AND (NEW.score IS NOT OLD.score OR NEW.user IS NOT OLD.user) AND ifnull(NEW.state, 0) = 0 AND
   (NEW.state = 0 OR NEW.user IS NOT NULL OR EXISTS (SELECT 1 FROM contact WHERE id = NEW.id)) BEGIN UPDATE response SET state = 0, due = CASE WHEN NEW.score <= 6 THEN NEW.at + 86400000 END
   WHERE id = NEW.id; END;
CREATE TRIGGER case_reachable AFTER INSERT ON contact BEGIN UPDATE response SET state = 0, due = CASE WHEN score <= 6 THEN at + 86400000 END WHERE id = NEW.id AND score IS NOT NULL AND state
   IS NULL; END;
CREATE UNIQUE INDEX value_text ON value (property, text);
CREATE INDEX delivery_of ON delivery (webhook, state, id);
CREATE TRIGGER delivery_removed AFTER DELETE ON delivery BEGIN DELETE FROM attempt WHERE delivery = OLD.id; END;
CREATE INDEX audit_action ON audit (action);
CREATE INDEX delivery_queue ON delivery (webhook, next, state, attempts, category, event, probe) WHERE state IN ('pending', 'sending');
CREATE TRIGGER mark_added AFTER INSERT ON response WHEN NEW.mark > 0 BEGIN INSERT INTO marked (id) VALUES (NEW.id); END;
CREATE TRIGGER mark_changed AFTER UPDATE OF mark ON response WHEN ifnull(NEW.mark, 0) <> ifnull(OLD.mark, 0) BEGIN DELETE FROM marked WHERE id = NEW.id AND ifnull(NEW.mark, 0) = 0; INSERT
   INTO marked (id) SELECT NEW.id WHERE NEW.mark > 0 AND NOT EXISTS (SELECT 1 FROM marked WHERE id = NEW.id); END;
CREATE TRIGGER mark_removed AFTER DELETE ON response WHEN OLD.mark > 0 BEGIN DELETE FROM marked WHERE id = OLD.id; END;
CREATE TRIGGER comment_added AFTER INSERT ON response WHEN NEW.comment IS NOT NULL AND NOT EXISTS (SELECT 1 FROM meta WHERE name = 'words_upto' AND value < hex(NEW.id)) BEGIN INSERT INTO
   words (rowid, comment) VALUES (NEW.number, NEW.comment); INSERT INTO word_row (number, id) SELECT NEW.number, NEW.id WHERE NOT EXISTS (SELECT 1 FROM word_row WHERE number = NEW.number);
   END;
CREATE TRIGGER comment_changed AFTER UPDATE OF comment ON response WHEN NEW.comment IS NOT OLD.comment AND NOT EXISTS (SELECT 1 FROM meta WHERE name = 'words_upto' AND value < hex(NEW.id))
   BEGIN INSERT INTO words (words, rowid, comment) SELECT 'delete', OLD.number, OLD.comment WHERE OLD.comment IS NOT NULL; INSERT INTO words (rowid, comment) SELECT NEW.number, NEW.comment
   WHERE NEW.comment IS NOT NULL; INSERT INTO word_row (number, id) SELECT NEW.number, NEW.id WHERE NOT EXISTS (SELECT 1 FROM word_row WHERE number = NEW.number); END;
CREATE TRIGGER comment_removed AFTER DELETE ON response WHEN OLD.comment IS NOT NULL AND NOT EXISTS (SELECT 1 FROM meta WHERE name = 'words_upto' AND value < hex(OLD.id)) BEGIN INSERT INTO
   words (words, rowid, comment) VALUES ('delete', OLD.number, OLD.comment); DELETE FROM word_row WHERE number = OLD.number; END;
CREATE TRIGGER response_added AFTER INSERT ON response BEGIN INSERT INTO value (property, number, text, upto) SELECT slot, (SELECT min(n) FROM ( SELECT 1 AS n UNION ALL SELECT number + 1 FROM
   value WHERE property = slot ) WHERE n NOT IN (SELECT number FROM value WHERE property = slot)), text, (SELECT iif(is_full, x'', x'ffffffffffffffffffffffffffffffffff') FROM property AS q
   WHERE q.slot = given.slot) FROM (SELECT p.slot AS slot, CASE p.name WHEN 'channel' THEN NEW.channel WHEN 'page' THEN NEW.page WHEN 'lang' THEN NEW.lang ELSE NEW.properties ->> p.path END
   AS text, NEW.id AS id FROM property AS p WHERE NEW.id <= p.upto AND NEW.mark IS NULL) AS given WHERE text IS NOT NULL AND NOT EXISTS (SELECT 1 FROM value AS v WHERE v.property = slot AND
   v.text = given.text) AND (SELECT count(*) FROM value WHERE property = slot) < 200 AND (SELECT NOT is_listed FROM property AS q WHERE q.slot = given.slot); INSERT INTO day (property,
   variant, day, value, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, shown, answered, dismissed, commented, n, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16, t17,
   t18, t19, t20, t21, t22, t23, t24, t25, t26, t27, t28, t29, t30, t31) SELECT slot, NEW.variant, NEW.day, CASE WHEN text IS NULL THEN 0 ELSE ifnull((SELECT v.number FROM value AS v WHERE
   v.property = slot AND v.text = given.text AND given.id <= v.upto), -1) END, (NEW.score IS 0) AS s0, (NEW.score IS 1) AS s1, (NEW.score IS 2) AS s2, (NEW.score IS 3) AS s3, (NEW.score IS 4)
   AS s4, (NEW.score IS 5) AS s5, (NEW.score IS 6) AS s6, (NEW.score IS 7) AS s7, (NEW.score IS 8) AS s8, (NEW.score IS 9) AS s9, (NEW.score IS 10) AS s10, (NEW.shown) AS shown, (NEW.shown
   AND NEW.score IS NOT NULL) AS answered, (NEW.dismissed AND NEW.score IS NULL) AS dismissed, (NEW.comment IS NOT NULL AND NEW.score IS NOT NULL) AS commented, (1) AS n, (NEW.bucket IS 0) AS
   t0, (NEW.bucket IS 1) AS t1, (NEW.bucket IS 2) AS t2, (NEW.bucket IS 3) AS t3, (NEW.bucket IS 4) AS t4, (NEW.bucket IS 5) AS t5, (NEW.bucket IS 6) AS t6, (NEW.bucket IS 7) AS t7,
   (NEW.bucket IS 8) AS t8, (NEW.bucket IS 9) AS t9, (NEW.bucket IS 10) AS t10, (NEW.bucket IS 11) AS t11, (NEW.bucket IS 12) AS t12, (NEW.bucket IS 13) AS t13, (NEW.bucket IS 14) AS t14,
   (NEW.bucket IS 15) AS t15, (NEW.bucket IS 16) AS t16, (NEW.bucket IS 17) AS t17, (NEW.bucket IS 18) AS t18, (NEW.bucket IS 19) AS t19, (NEW.bucket IS 20) AS t20, (NEW.bucket IS 21) AS t21,
   (NEW.bucket IS 22) AS t22, (NEW.bucket IS 23) AS t23, (NEW.bucket IS 24) AS t24, (NEW.bucket IS 25) AS t25, (NEW.bucket IS 26) AS t26, (NEW.bucket IS 27) AS t27, (NEW.bucket IS 28) AS t28,
   (NEW.bucket IS 29) AS t29, (NEW.bucket IS 30) AS t30, (NEW.bucket IS 31) AS t31 FROM (SELECT p.slot AS slot, CASE p.name WHEN 'channel' THEN NEW.channel WHEN 'page' THEN NEW.page WHEN
   'lang' THEN NEW.lang ELSE NEW.properties ->> p.path END AS text, NEW.id AS id FROM property AS p WHERE NEW.id <= p.upto AND NEW.mark IS NULL) AS given WHERE true ON CONFLICT (property,
   variant, day, value) DO UPDATE SET s0 = s0 + excluded.s0, s1 = s1 + excluded.s1, s2 = s2 + excluded.s2, s3 = s3 + excluded.s3, s4 = s4 + excluded.s4, s5 = s5 + excluded.s5, s6 = s6 +
   excluded.s6, s7 = s7 + excluded.s7, s8 = s8 + excluded.s8, s9 = s9 + excluded.s9, s10 = s10 + excluded.s10, shown = shown + excluded.shown, answered = answered + excluded.answered,
   dismissed = dismissed + excluded.dismissed, commented = commented + excluded.commented, n = n + excluded.n, t0 = t0 + excluded.t0, t1 = t1 + excluded.t1, t2 = t2 + excluded.t2, t3 = t3 +
   excluded.t3, t4 = t4 + excluded.t4, t5 = t5 + excluded.t5, t6 = t6 + excluded.t6, t7 = t7 + excluded.t7, t8 = t8 + excluded.t8, t9 = t9 + excluded.t9, t10 = t10 + excluded.t10, t11 = t11 +
   excluded.t11, t12 = t12 + excluded.t12, t13 = t13 + excluded.t13, t14 = t14 + excluded.t14, t15 = t15 + excluded.t15, t16 = t16 + excluded.t16, t17 = t17 + excluded.t17, t18 = t18 +
   excluded.t18, t19 = t19 + excluded.t19, t20 = t20 + excluded.t20, t21 = t21 + excluded.t21, t22 = t22 + excluded.t22, t23 = t23 + excluded.t23, t24 = t24 + excluded.t24, t25 = t25 +
   excluded.t25, t26 = t26 + excluded.t26, t27 = t27 + excluded.t27, t28 = t28 + excluded.t28, t29 = t29 + excluded.t29, t30 = t30 + excluded.t30, t31 = t31 + excluded.t31; END;
CREATE TRIGGER response_changed AFTER UPDATE ON response WHEN (NEW.score, NEW.bucket, NEW.shown, NEW.dismissed, NEW.comment IS NULL, NEW.day, NEW.lang, NEW.page, NEW.properties, NEW.mark) IS
   NOT (OLD.score, OLD.bucket, OLD.shown, OLD.dismissed, OLD.comment IS NULL, OLD.day, OLD.lang, OLD.page, OLD.properties, OLD.mark) BEGIN INSERT INTO value (property, number, text, upto)
   SELECT slot, (SELECT min(n) FROM ( SELECT 1 AS n UNION ALL SELECT number + 1 FROM value WHERE property = slot ) WHERE n NOT IN (SELECT number FROM value WHERE property = slot)), text,
   (SELECT iif(is_full, x'', x'ffffffffffffffffffffffffffffffffff') FROM property AS q WHERE q.slot = given.slot) FROM (SELECT p.slot AS slot, CASE p.name WHEN 'channel' THEN NEW.channel WHEN
   'page' THEN NEW.page WHEN 'lang' THEN NEW.lang ELSE NEW.properties ->> p.path END AS text, NEW.id AS id FROM property AS p WHERE NEW.id <= p.upto AND NEW.mark IS NULL) AS given WHERE text
   IS NOT NULL AND NOT EXISTS (SELECT 1 FROM value AS v WHERE v.property = slot AND v.text = given.text) AND (SELECT count(*) FROM value WHERE property = slot) < 200 AND (SELECT NOT is_listed
   FROM property AS q WHERE q.slot = given.slot); INSERT INTO day (property, variant, day, value, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, shown, answered, dismissed, commented, n, t0,
   t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16, t17, t18, t19, t20, t21, t22, t23, t24, t25, t26, t27, t28, t29, t30, t31) SELECT slot, NEW.variant, day, number,
   sum(s0), sum(s1), sum(s2), sum(s3), sum(s4), sum(s5), sum(s6), sum(s7), sum(s8), sum(s9), sum(s10), sum(shown), sum(answered), sum(dismissed), sum(commented), sum(n), sum(t0), sum(t1),
   sum(t2), sum(t3), sum(t4), sum(t5), sum(t6), sum(t7), sum(t8), sum(t9), sum(t10), sum(t11), sum(t12), sum(t13), sum(t14), sum(t15), sum(t16), sum(t17), sum(t18), sum(t19), sum(t20),
   sum(t21), sum(t22), sum(t23), sum(t24), sum(t25), sum(t26), sum(t27), sum(t28), sum(t29), sum(t30), sum(t31) FROM ( SELECT slot, NEW.day AS day, CASE WHEN text IS NULL THEN 0 ELSE
   ifnull((SELECT v.number FROM value AS v WHERE v.property = slot AND v.text = given.text AND given.id <= v.upto), -1) END AS number, (NEW.score IS 0) AS s0, (NEW.score IS 1) AS s1,
   (NEW.score IS 2) AS s2, (NEW.score IS 3) AS s3, (NEW.score IS 4) AS s4, (NEW.score IS 5) AS s5, (NEW.score IS 6) AS s6, (NEW.score IS 7) AS s7, (NEW.score IS 8) AS s8, (NEW.score IS 9) AS
   s9, (NEW.score IS 10) AS s10, (NEW.shown) AS shown, (NEW.shown AND NEW.score IS NOT NULL) AS answered, (NEW.dismissed AND NEW.score IS NULL) AS dismissed, (NEW.comment IS NOT NULL AND
   NEW.score IS NOT NULL) AS commented, (1) AS n, (NEW.bucket IS 0) AS t0, (NEW.bucket IS 1) AS t1, (NEW.bucket IS 2) AS t2, (NEW.bucket IS 3) AS t3, (NEW.bucket IS 4) AS t4, (NEW.bucket IS
   5) AS t5, (NEW.bucket IS 6) AS t6, (NEW.bucket IS 7) AS t7, (NEW.bucket IS 8) AS t8, (NEW.bucket IS 9) AS t9, (NEW.bucket IS 10) AS t10, (NEW.bucket IS 11) AS t11, (NEW.bucket IS 12) AS
   t12, (NEW.bucket IS 13) AS t13, (NEW.bucket IS 14) AS t14, (NEW.bucket IS 15) AS t15, (NEW.bucket IS 16) AS t16, (NEW.bucket IS 17) AS t17, (NEW.bucket IS 18) AS t18, (NEW.bucket IS 19) AS
   t19, (NEW.bucket IS 20) AS t20, (NEW.bucket IS 21) AS t21, (NEW.bucket IS 22) AS t22, (NEW.bucket IS 23) AS t23, (NEW.bucket IS 24) AS t24, (NEW.bucket IS 25) AS t25, (NEW.bucket IS 26) AS
   t26, (NEW.bucket IS 27) AS t27, (NEW.bucket IS 28) AS t28, (NEW.bucket IS 29) AS t29, (NEW.bucket IS 30) AS t30, (NEW.bucket IS 31) AS t31 FROM (SELECT p.slot AS slot, CASE p.name WHEN
   'channel' THEN NEW.channel WHEN 'page' THEN NEW.page WHEN 'lang' THEN NEW.lang ELSE NEW.properties ->> p.path END AS text, NEW.id AS id FROM property AS p WHERE NEW.id <= p.upto AND
   NEW.mark IS NULL) AS given UNION ALL SELECT slot, OLD.day, CASE WHEN text IS NULL THEN 0 ELSE ifnull((SELECT v.number FROM value AS v WHERE v.property = slot AND v.text = given.text AND
   given.id <= v.upto), -1) END, -(OLD.score IS 0) AS s0, -(OLD.score IS 1) AS s1, -(OLD.score IS 2) AS s2, -(OLD.score IS 3) AS s3, -(OLD.score IS 4) AS s4, -(OLD.score IS 5) AS s5,
   -(OLD.score IS 6) AS s6, -(OLD.score IS 7) AS s7, -(OLD.score IS 8) AS s8, -(OLD.score IS 9) AS s9, -(OLD.score IS 10) AS s10, -(OLD.shown) AS shown, -(OLD.shown AND OLD.score IS NOT NULL)
   AS answered, -(OLD.dismissed AND OLD.score IS NULL) AS dismissed, -(OLD.comment IS NOT NULL AND OLD.score IS NOT NULL) AS commented, -(1) AS n, -(OLD.bucket IS 0) AS t0, -(OLD.bucket IS 1)
   AS t1, -(OLD.bucket IS 2) AS t2, -(OLD.bucket IS 3) AS t3, -(OLD.bucket IS 4) AS t4, -(OLD.bucket IS 5) AS t5, -(OLD.bucket IS 6) AS t6, -(OLD.bucket IS 7) AS t7, -(OLD.bucket IS 8) AS t8,
   -(OLD.bucket IS 9) AS t9, -(OLD.bucket IS 10) AS t10, -(OLD.bucket IS 11) AS t11, -(OLD.bucket IS 12) AS t12, -(OLD.bucket IS 13) AS t13, -(OLD.bucket IS 14) AS t14, -(OLD.bucket IS 15) AS
   t15, -(OLD.bucket IS 16) AS t16, -(OLD.bucket IS 17) AS t17, -(OLD.bucket IS 18) AS t18, -(OLD.bucket IS 19) AS t19, -(OLD.bucket IS 20) AS t20, -(OLD.bucket IS 21) AS t21, -(OLD.bucket IS
   22) AS t22, -(OLD.bucket IS 23) AS t23, -(OLD.bucket IS 24) AS t24, -(OLD.bucket IS 25) AS t25, -(OLD.bucket IS 26) AS t26, -(OLD.bucket IS 27) AS t27, -(OLD.bucket IS 28) AS t28,
   -(OLD.bucket IS 29) AS t29, -(OLD.bucket IS 30) AS t30, -(OLD.bucket IS 31) AS t31 FROM (SELECT p.slot AS slot, CASE p.name WHEN 'channel' THEN OLD.channel WHEN 'page' THEN OLD.page WHEN
   'lang' THEN OLD.lang ELSE OLD.properties ->> p.path END AS text, OLD.id AS id FROM property AS p WHERE OLD.id <= p.upto AND OLD.mark IS NULL) AS given ) GROUP BY slot, day, number HAVING
   count(*) = 1 OR (NEW.score, NEW.bucket, NEW.shown, NEW.dismissed, NEW.comment IS NULL) IS NOT (OLD.score, OLD.bucket, OLD.shown, OLD.dismissed, OLD.comment IS NULL) ON CONFLICT (property,
   variant, day, value) DO UPDATE SET s0 = s0 + excluded.s0, s1 = s1 + excluded.s1, s2 = s2 + excluded.s2, s3 = s3 + excluded.s3, s4 = s4 + excluded.s4, s5 = s5 + excluded.s5, s6 = s6 +
   excluded.s6, s7 = s7 + excluded.s7, s8 = s8 + excluded.s8, s9 = s9 + excluded.s9, s10 = s10 + excluded.s10, shown = shown + excluded.shown, answered = answered + excluded.answered,
   dismissed = dismissed + excluded.dismissed, commented = commented + excluded.commented, n = n + excluded.n, t0 = t0 + excluded.t0, t1 = t1 + excluded.t1, t2 = t2 + excluded.t2, t3 = t3 +
   excluded.t3, t4 = t4 + excluded.t4, t5 = t5 + excluded.t5, t6 = t6 + excluded.t6, t7 = t7 + excluded.t7, t8 = t8 + excluded.t8, t9 = t9 + excluded.t9, t10 = t10 + excluded.t10, t11 = t11 +
   excluded.t11, t12 = t12 + excluded.t12, t13 = t13 + excluded.t13, t14 = t14 + excluded.t14, t15 = t15 + excluded.t15, t16 = t16 + excluded.t16, t17 = t17 + excluded.t17, t18 = t18 +
   excluded.t18, t19 = t19 + excluded.t19, t20 = t20 + excluded.t20, t21 = t21 + excluded.t21, t22 = t22 + excluded.t22, t23 = t23 + excluded.t23, t24 = t24 + excluded.t24, t25 = t25 +
   excluded.t25, t26 = t26 + excluded.t26, t27 = t27 + excluded.t27, t28 = t28 + excluded.t28, t29 = t29 + excluded.t29, t30 = t30 + excluded.t30, t31 = t31 + excluded.t31; DELETE FROM day
   WHERE n = 0 AND property IN (SELECT slot FROM property) AND variant = OLD.variant AND day = OLD.day AND (NEW.day, NEW.lang, NEW.page, NEW.properties, NEW.mark) IS NOT (OLD.day, OLD.lang,
   OLD.page, OLD.properties, OLD.mark); END;
CREATE TRIGGER response_removed AFTER DELETE ON response BEGIN INSERT INTO day (property, variant, day, value, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, shown, answered, dismissed,
   commented, n, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16, t17, t18, t19, t20, t21, t22, t23, t24, t25, t26, t27, t28, t29, t30, t31) SELECT slot,
   OLD.variant, OLD.day, CASE WHEN text IS NULL THEN 0 ELSE ifnull((SELECT v.number FROM value AS v WHERE v.property = slot AND v.text = given.text AND given.id <= v.upto), -1) END,
   -(OLD.score IS 0) AS s0, -(OLD.score IS 1) AS s1, -(OLD.score IS 2) AS s2, -(OLD.score IS 3) AS s3, -(OLD.score IS 4) AS s4, -(OLD.score IS 5) AS s5, -(OLD.score IS 6) AS s6, -(OLD.score
   IS 7) AS s7, -(OLD.score IS 8) AS s8, -(OLD.score IS 9) AS s9, -(OLD.score IS 10) AS s10, -(OLD.shown) AS shown, -(OLD.shown AND OLD.score IS NOT NULL) AS answered, -(OLD.dismissed AND
   OLD.score IS NULL) AS dismissed, -(OLD.comment IS NOT NULL AND OLD.score IS NOT NULL) AS commented, -(1) AS n, -(OLD.bucket IS 0) AS t0, -(OLD.bucket IS 1) AS t1, -(OLD.bucket IS 2) AS t2,
   -(OLD.bucket IS 3) AS t3, -(OLD.bucket IS 4) AS t4, -(OLD.bucket IS 5) AS t5, -(OLD.bucket IS 6) AS t6, -(OLD.bucket IS 7) AS t7, -(OLD.bucket IS 8) AS t8, -(OLD.bucket IS 9) AS t9,
   -(OLD.bucket IS 10) AS t10, -(OLD.bucket IS 11) AS t11, -(OLD.bucket IS 12) AS t12, -(OLD.bucket IS 13) AS t13, -(OLD.bucket IS 14) AS t14, -(OLD.bucket IS 15) AS t15, -(OLD.bucket IS 16)
   AS t16, -(OLD.bucket IS 17) AS t17, -(OLD.bucket IS 18) AS t18, -(OLD.bucket IS 19) AS t19, -(OLD.bucket IS 20) AS t20, -(OLD.bucket IS 21) AS t21, -(OLD.bucket IS 22) AS t22, -(OLD.bucket
   IS 23) AS t23, -(OLD.bucket IS 24) AS t24, -(OLD.bucket IS 25) AS t25, -(OLD.bucket IS 26) AS t26, -(OLD.bucket IS 27) AS t27, -(OLD.bucket IS 28) AS t28, -(OLD.bucket IS 29) AS t29,
   -(OLD.bucket IS 30) AS t30, -(OLD.bucket IS 31) AS t31 FROM (SELECT p.slot AS slot, CASE p.name WHEN 'channel' THEN OLD.channel WHEN 'page' THEN OLD.page WHEN 'lang' THEN OLD.lang ELSE
   OLD.properties ->> p.path END AS text, OLD.id AS id FROM property AS p WHERE OLD.id <= p.upto AND OLD.mark IS NULL) AS given WHERE true ON CONFLICT (property, variant, day, value) DO
   UPDATE SET s0 = s0 + excluded.s0, s1 = s1 + excluded.s1, s2 = s2 + excluded.s2, s3 = s3 + excluded.s3, s4 = s4 + excluded.s4, s5 = s5 + excluded.s5, s6 = s6 + excluded.s6, s7 = s7 +
   excluded.s7, s8 = s8 + excluded.s8, s9 = s9 + excluded.s9, s10 = s10 + excluded.s10, shown = shown + excluded.shown, answered = answered + excluded.answered, dismissed = dismissed +
   excluded.dismissed, commented = commented + excluded.commented, n = n + excluded.n, t0 = t0 + excluded.t0, t1 = t1 + excluded.t1, t2 = t2 + excluded.t2, t3 = t3 + excluded.t3, t4 = t4 +
   excluded.t4, t5 = t5 + excluded.t5, t6 = t6 + excluded.t6, t7 = t7 + excluded.t7, t8 = t8 + excluded.t8, t9 = t9 + excluded.t9, t10 = t10 + excluded.t10, t11 = t11 + excluded.t11, t12 =
   t12 + excluded.t12, t13 = t13 + excluded.t13, t14 = t14 + excluded.t14, t15 = t15 + excluded.t15, t16 = t16 + excluded.t16, t17 = t17 + excluded.t17, t18 = t18 + excluded.t18, t19 = t19 +
   excluded.t19, t20 = t20 + excluded.t20, t21 = t21 + excluded.t21, t22 = t22 + excluded.t22, t23 = t23 + excluded.t23, t24 = t24 + excluded.t24, t25 = t25 + excluded.t25, t26 = t26 +
   excluded.t26, t27 = t27 + excluded.t27, t28 = t28 + excluded.t28, t29 = t29 + excluded.t29, t30 = t30 + excluded.t30, t31 = t31 + excluded.t31; DELETE FROM day WHERE n = 0 AND property IN
   (SELECT slot FROM property) AND variant = OLD.variant AND day = OLD.day; END;
CREATE TRIGGER property_filled AFTER UPDATE OF upto ON property BEGIN INSERT INTO value (property, number, text, upto) SELECT NEW.slot, free.number, given.text, iif(NEW.is_full, x'',
   x'ffffffffffffffffffffffffffffffffff') FROM ( SELECT row_number() OVER () AS nth, text FROM ( SELECT DISTINCT CASE p.name WHEN 'channel' THEN r.channel WHEN 'page' THEN r.page WHEN 'lang'
   THEN r.lang ELSE r.properties ->> p.path END AS text FROM property AS p, response AS r WHERE p.slot = NEW.slot AND r.id > OLD.upto AND r.id <= NEW.upto AND r.mark IS NULL ) AS found WHERE
   text IS NOT NULL AND NOT NEW.is_listed AND NOT EXISTS (SELECT 1 FROM value AS v WHERE v.property = NEW.slot AND v.text = found.text) ) AS given JOIN ( WITH RECURSIVE numbers (n) AS (SELECT
   1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 200) SELECT row_number() OVER () AS nth, n AS number FROM numbers WHERE n NOT IN (SELECT number FROM value WHERE property = NEW.slot) ) AS
   free ON free.nth = given.nth; INSERT INTO day (property, variant, day, value, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, shown, answered, dismissed, commented, n, t0, t1, t2, t3, t4, t5,
   t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16, t17, t18, t19, t20, t21, t22, t23, t24, t25, t26, t27, t28, t29, t30, t31) SELECT slot, variant, day, number, sum(s0), sum(s1), sum(s2),
   sum(s3), sum(s4), sum(s5), sum(s6), sum(s7), sum(s8), sum(s9), sum(s10), sum(shown), sum(answered), sum(dismissed), sum(commented), sum(n), sum(t0), sum(t1), sum(t2), sum(t3), sum(t4),
   sum(t5), sum(t6), sum(t7), sum(t8), sum(t9), sum(t10), sum(t11), sum(t12), sum(t13), sum(t14), sum(t15), sum(t16), sum(t17), sum(t18), sum(t19), sum(t20), sum(t21), sum(t22), sum(t23),
   sum(t24), sum(t25), sum(t26), sum(t27), sum(t28), sum(t29), sum(t30), sum(t31) FROM ( SELECT slot, variant, day, CASE WHEN text IS NULL THEN 0 ELSE ifnull((SELECT v.number FROM value AS v
   WHERE v.property = slot AND v.text = given.text AND given.id <= v.upto), -1) END AS number, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, shown, answered, dismissed, commented, n, t0, t1,
   t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16, t17, t18, t19, t20, t21, t22, t23, t24, t25, t26, t27, t28, t29, t30, t31 FROM ( SELECT NEW.slot AS slot, r.id AS id,
   r.variant AS variant, r.day AS day, CASE p.name WHEN 'channel' THEN r.channel WHEN 'page' THEN r.page WHEN 'lang' THEN r.lang ELSE r.properties ->> p.path END AS text, (r.score IS 0) AS
   s0, (r.score IS 1) AS s1, (r.score IS 2) AS s2, (r.score IS 3) AS s3, (r.score IS 4) AS s4, (r.score IS 5) AS s5, (r.score IS 6) AS s6, (r.score IS 7) AS s7, (r.score IS 8) AS s8, (r.score
   IS 9) AS s9, (r.score IS 10) AS s10, (r.shown) AS shown, (r.shown AND r.score IS NOT NULL) AS answered, (r.dismissed AND r.score IS NULL) AS dismissed, (r.comment IS NOT NULL AND r.score
   IS NOT NULL) AS commented, (1) AS n, (r.bucket IS 0) AS t0, (r.bucket IS 1) AS t1, (r.bucket IS 2) AS t2, (r.bucket IS 3) AS t3, (r.bucket IS 4) AS t4, (r.bucket IS 5) AS t5, (r.bucket IS
   6) AS t6, (r.bucket IS 7) AS t7, (r.bucket IS 8) AS t8, (r.bucket IS 9) AS t9, (r.bucket IS 10) AS t10, (r.bucket IS 11) AS t11, (r.bucket IS 12) AS t12, (r.bucket IS 13) AS t13, (r.bucket
   IS 14) AS t14, (r.bucket IS 15) AS t15, (r.bucket IS 16) AS t16, (r.bucket IS 17) AS t17, (r.bucket IS 18) AS t18, (r.bucket IS 19) AS t19, (r.bucket IS 20) AS t20, (r.bucket IS 21) AS
   t21, (r.bucket IS 22) AS t22, (r.bucket IS 23) AS t23, (r.bucket IS 24) AS t24, (r.bucket IS 25) AS t25, (r.bucket IS 26) AS t26, (r.bucket IS 27) AS t27, (r.bucket IS 28) AS t28,
   (r.bucket IS 29) AS t29, (r.bucket IS 30) AS t30, (r.bucket IS 31) AS t31 FROM property AS p, response AS r WHERE p.slot = NEW.slot AND r.id > OLD.upto AND r.id <= NEW.upto AND r.mark IS
   NULL ) AS given ) GROUP BY variant, day, number ON CONFLICT (property, variant, day, value) DO UPDATE SET s0 = s0 + excluded.s0, s1 = s1 + excluded.s1, s2 = s2 + excluded.s2, s3 = s3 +
   excluded.s3, s4 = s4 + excluded.s4, s5 = s5 + excluded.s5, s6 = s6 + excluded.s6, s7 = s7 + excluded.s7, s8 = s8 + excluded.s8, s9 = s9 + excluded.s9, s10 = s10 + excluded.s10, shown =
   shown + excluded.shown, answered = answered + excluded.answered, dismissed = dismissed + excluded.dismissed, commented = commented + excluded.commented, n = n + excluded.n, t0 = t0 +
   excluded.t0, t1 = t1 + excluded.t1, t2 = t2 + excluded.t2, t3 = t3 + excluded.t3, t4 = t4 + excluded.t4, t5 = t5 + excluded.t5, t6 = t6 + excluded.t6, t7 = t7 + excluded.t7, t8 = t8 +
   excluded.t8, t9 = t9 + excluded.t9, t10 = t10 + excluded.t10, t11 = t11 + excluded.t11, t12 = t12 + excluded.t12, t13 = t13 + excluded.t13, t14 = t14 + excluded.t14, t15 = t15 +
   excluded.t15, t16 = t16 + excluded.t16, t17 = t17 + excluded.t17, t18 = t18 + excluded.t18, t19 = t19 + excluded.t19, t20 = t20 + excluded.t20, t21 = t21 + excluded.t21, t22 = t22 +
   excluded.t22, t23 = t23 + excluded.t23, t24 = t24 + excluded.t24, t25 = t25 + excluded.t25, t26 = t26 + excluded.t26, t27 = t27 + excluded.t27, t28 = t28 + excluded.t28, t29 = t29 +
   excluded.t29, t30 = t30 + excluded.t30, t31 = t31 + excluded.t31; END;
CREATE TRIGGER value_filled AFTER UPDATE OF upto ON value BEGIN INSERT INTO day (property, variant, day, value, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, shown, answered, dismissed,
   commented, n, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16, t17, t18, t19, t20, t21, t22, t23, t24, t25, t26, t27, t28, t29, t30, t31) SELECT NEW.property,
   variant, day, number, sum(s0), sum(s1), sum(s2), sum(s3), sum(s4), sum(s5), sum(s6), sum(s7), sum(s8), sum(s9), sum(s10), sum(shown), sum(answered), sum(dismissed), sum(commented), sum(n),
   sum(t0), sum(t1), sum(t2), sum(t3), sum(t4), sum(t5), sum(t6), sum(t7), sum(t8), sum(t9), sum(t10), sum(t11), sum(t12), sum(t13), sum(t14), sum(t15), sum(t16), sum(t17), sum(t18),
   sum(t19), sum(t20), sum(t21), sum(t22), sum(t23), sum(t24), sum(t25), sum(t26), sum(t27), sum(t28), sum(t29), sum(t30), sum(t31) FROM ( SELECT r.variant AS variant, r.day AS day,
   side.number AS number, side.sign * (r.score IS 0) AS s0, side.sign * (r.score IS 1) AS s1, side.sign * (r.score IS 2) AS s2, side.sign * (r.score IS 3) AS s3, side.sign * (r.score IS 4) AS
   s4, side.sign * (r.score IS 5) AS s5, side.sign * (r.score IS 6) AS s6, side.sign * (r.score IS 7) AS s7, side.sign * (r.score IS 8) AS s8, side.sign * (r.score IS 9) AS s9, side.sign *
   (r.score IS 10) AS s10, side.sign * (r.shown) AS shown, side.sign * (r.shown AND r.score IS NOT NULL) AS answered, side.sign * (r.dismissed AND r.score IS NULL) AS dismissed, side.sign *
   (r.comment IS NOT NULL AND r.score IS NOT NULL) AS commented, side.sign * (1) AS n, side.sign * (r.bucket IS 0) AS t0, side.sign * (r.bucket IS 1) AS t1, side.sign * (r.bucket IS 2) AS t2,
   side.sign * (r.bucket IS 3) AS t3, side.sign * (r.bucket IS 4) AS t4, side.sign * (r.bucket IS 5) AS t5, side.sign * (r.bucket IS 6) AS t6, side.sign * (r.bucket IS 7) AS t7, side.sign *
   (r.bucket IS 8) AS t8, side.sign * (r.bucket IS 9) AS t9, side.sign * (r.bucket IS 10) AS t10, side.sign * (r.bucket IS 11) AS t11, side.sign * (r.bucket IS 12) AS t12, side.sign *
   (r.bucket IS 13) AS t13, side.sign * (r.bucket IS 14) AS t14, side.sign * (r.bucket IS 15) AS t15, side.sign * (r.bucket IS 16) AS t16, side.sign * (r.bucket IS 17) AS t17, side.sign *
   (r.bucket IS 18) AS t18, side.sign * (r.bucket IS 19) AS t19, side.sign * (r.bucket IS 20) AS t20, side.sign * (r.bucket IS 21) AS t21, side.sign * (r.bucket IS 22) AS t22, side.sign *
   (r.bucket IS 23) AS t23, side.sign * (r.bucket IS 24) AS t24, side.sign * (r.bucket IS 25) AS t25, side.sign * (r.bucket IS 26) AS t26, side.sign * (r.bucket IS 27) AS t27, side.sign *
   (r.bucket IS 28) AS t28, side.sign * (r.bucket IS 29) AS t29, side.sign * (r.bucket IS 30) AS t30, side.sign * (r.bucket IS 31) AS t31 FROM property AS p, response AS r, (SELECT NEW.number
   AS number, 1 AS sign UNION ALL SELECT -1, -1) AS side WHERE p.slot = NEW.property AND r.id > OLD.upto AND r.id <= NEW.upto AND r.id <= p.upto AND r.mark IS NULL AND CASE p.name WHEN
   'channel' THEN r.channel WHEN 'page' THEN r.page WHEN 'lang' THEN r.lang ELSE r.properties ->> p.path END = NEW.text ) GROUP BY variant, day, number ON CONFLICT (property, variant, day,
   value) DO UPDATE SET s0 = s0 + excluded.s0, s1 = s1 + excluded.s1, s2 = s2 + excluded.s2, s3 = s3 + excluded.s3, s4 = s4 + excluded.s4, s5 = s5 + excluded.s5, s6 = s6 + excluded.s6, s7 =
   s7 + excluded.s7, s8 = s8 + excluded.s8, s9 = s9 + excluded.s9, s10 = s10 + excluded.s10, shown = shown + excluded.shown, answered = answered + excluded.answered, dismissed = dismissed +
   excluded.dismissed, commented = commented + excluded.commented, n = n + excluded.n, t0 = t0 + excluded.t0, t1 = t1 + excluded.t1, t2 = t2 + excluded.t2, t3 = t3 + excluded.t3, t4 = t4 +
   excluded.t4, t5 = t5 + excluded.t5, t6 = t6 + excluded.t6, t7 = t7 + excluded.t7, t8 = t8 + excluded.t8, t9 = t9 + excluded.t9, t10 = t10 + excluded.t10, t11 = t11 + excluded.t11, t12 =
   t12 + excluded.t12, t13 = t13 + excluded.t13, t14 = t14 + excluded.t14, t15 = t15 + excluded.t15, t16 = t16 + excluded.t16, t17 = t17 + excluded.t17, t18 = t18 + excluded.t18, t19 = t19 +
   excluded.t19, t20 = t20 + excluded.t20, t21 = t21 + excluded.t21, t22 = t22 + excluded.t22, t23 = t23 + excluded.t23, t24 = t24 + excluded.t24, t25 = t25 + excluded.t25, t26 = t26 +
   excluded.t26, t27 = t27 + excluded.t27, t28 = t28 + excluded.t28, t29 = t29 + excluded.t29, t30 = t30 + excluded.t30, t31 = t31 + excluded.t31; DELETE FROM day WHERE property =
   NEW.property AND value = -1 AND n = 0; END;
CREATE TRIGGER value_added AFTER INSERT ON value WHEN (SELECT count(*) FROM value WHERE property = NEW.property) >= 200 BEGIN UPDATE property SET is_full = 1 WHERE slot = NEW.property AND
   is_full = 0; END;
CREATE INDEX import_key_response ON import_key (response, import);
CREATE INDEX import_change_response ON import_change (response);
CREATE TRIGGER import_removed AFTER DELETE ON response BEGIN DELETE FROM import_key WHERE response = OLD.id; DELETE FROM import_change WHERE response = OLD.id; END;
CREATE TRIGGER tags_added AFTER INSERT ON response WHEN NEW.tags IS NOT NULL BEGIN INSERT INTO tagged (tag, response) SELECT DISTINCT value, NEW.id FROM json_each(NEW.tags); END;
CREATE TRIGGER tags_changed AFTER UPDATE OF tags ON response WHEN NEW.tags IS NOT OLD.tags BEGIN DELETE FROM tagged WHERE response = OLD.id AND tag IN (SELECT value FROM json_each(OLD.tags));
   INSERT INTO tagged (tag, response) SELECT DISTINCT value, NEW.id FROM json_each(NEW.tags); END;
CREATE TRIGGER tags_removed AFTER DELETE ON response WHEN OLD.tags IS NOT NULL BEGIN DELETE FROM tagged WHERE response = OLD.id AND tag IN (SELECT value FROM json_each(OLD.tags)); END;
