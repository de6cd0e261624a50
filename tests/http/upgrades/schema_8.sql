-- A site of schema 8: the collector of commit c8e6060, driven by write_fixture.py.
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
   NOT NULL, stored INTEGER NOT NULL DEFAULT 0, changed INTEGER NOT NULL DEFAULT 0, already_there INTEGER NOT NULL DEFAULT 0, upto BLOB NOT NULL DEFAULT x'' );
CREATE TABLE import_key (key BLOB PRIMARY KEY, response BLOB NOT NULL, import INTEGER) WITHOUT ROWID;
CREATE TABLE import_change ( import INTEGER NOT NULL, response BLOB NOT NULL, before TEXT NOT NULL, PRIMARY KEY (import, response) ) WITHOUT ROWID;
CREATE TABLE tagged (tag TEXT NOT NULL, response BLOB NOT NULL, PRIMARY KEY (tag, response)) WITHOUT ROWID;
INSERT INTO meta VALUES
('import_secret', 'e812acb65e9d29d5956587aca7d57ca83ecfb4d15f18cb616ef4173cd061c954'), ('retention_at', '1795720498454'), ('schema', '8'),
('settings', '{"name":"Tea shop","zone":{"name":"Europe/Berlin","before":3600,"changes":[[954032400,7200],[972781200,3600],[985482000,7200],[1004230800,3600],[1017536400,7200],[1035680400,3600],[1048986000,7200],[1067130000,3600],[1080435600,7200],[1099184400,3600],[1111885200,7200],[1130634000,3600],[1143334800,7200],[1162083600,3600],[1174784400,7200],[1193533200,3600],[1206838800,7200],[1224982800,3600],[1238288400,7200],[1256432400,3600],[1269738000,7200],[1288486800,3600],[1301187600,7200],[1319936400,3600],[1332637200,7200],[1351386000,3600],[1364691600,7200],[1382835600,3600],[1396141200,7200],[1414285200,3600],[1427590800,7200],[1445734800,3600],[1459040400,7200],[1477789200,3600],[1490490000,7200],[1509238800,3600],[1521939600,7200],[1540688400,3600],[1553994000,7200],[1572138000,3600],[1585443600,7200],[1603587600,3600],[1616893200,7200],[1635642000,3600],[1648342800,7200],[1667091600,3600],[1679792400,7200],[1698541200,3600],[1711846800,7200],[1729990800,3600],[1743296400,7200],[1761440400,3600],[1774746000,7200],[1792890000,3600],[1806195600,7200],[1824944400,3600],[1837645200,7200],[1856394000,3600],[1869094800,7200],[1887843600,3600],[1901149200,7200],[1919293200,3600],[1932598800,7200],[1950742800,3600],[1964048400,7200],[1982797200,3600],[1995498000,7200],[2014246800,3600],[2026947600,7200],[2045696400,3600],[2058397200,7200],[2077146000,3600],[2090451600,7200],[2108595600,3600],[2121901200,7200],[2140045200,3600],[2153350800,7200],[2172099600,3600],[2184800400,7200],[2203549200,3600],[2216250000,7200],[2234998800,3600],[2248304400,7200],[2266448400,3600],[2279754000,7200],[2297898000,3600],[2311203600,7200],[2329347600,3600],[2342653200,7200],[2361402000,3600],[2374102800,7200],[2392851600,3600],[2405552400,7200],[2424301200,3600],[2437606800,7200],[2455750800,3600]]},"origins":[],"survey":{"variant":"standard","delay_seconds":5,"follow_ups":[{"key":"why","kind":"text","question":{"en":"Why?"}},{"key":"parts","kind":"choice","multiple":true,"options":[{"key":"tea","label":{"en":"Tea"}},{"key":"cups","label":{"en":"Cups"}}],"question":{"en":"What?"}}]},"properties":["plan"],"values":{},"badge":true,"public_notes":true,"retention":{"months":null,"contact_days":730},"text_mb_per_day":200,"signed_identity":true,"identity_rotations":0,"identity_rotated_ms":0}'),
('site', 'hraxc49xbxv7gjw0jkn1');
INSERT INTO key VALUES
('02bce24bed50a14fa7ec9915955bd57e643537556fb10360b5ed36f5bb05b885', 'read', 'The read key', 1795720501201, NULL, NULL),
('4910dbf4fe08f36c7c6a98bee638203a9b63b8a0585b94e5922babcb11788bca', 'share', 'The share key', 1795720501205, NULL, NULL),
('791767caf510060c2eb8af43d216240205cd459542bc0b812de266332a8d915b', 'owner', NULL, 1795720498453, 1795720500683, NULL),
('ff11e24fbd80a0b34c375fe02c27cf90c5ade9f6e04226d2542100723d2ecf4b', 'read', NULL, 1795720498453, NULL, NULL);
INSERT INTO survey VALUES
(1, 1795720498454, '{"variant":"standard","delay_seconds":10}'),
(2, 1795720500688, '{"variant":"standard","delay_seconds":5,"follow_ups":[{"key":"why","kind":"text","question":{"en":"Why?"}},{"key":"parts","kind":"choice","multiple":true,"options":[{"key":"tea","label":{"en":"Tea"}},{"key":"cups","label":{"en":"Cups"}}],"question":{"en":"What?"}}]}');
INSERT INTO response VALUES
(x'019b8d627a8077b7a39f4478113dfc81', 2097152, 1767603600000, 1, 20458, 'standard', 'import', 9, NULL, NULL, 'Good imported tea', NULL, 0, 0, NULL, NULL, NULL, '{"plan":"pro"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'019b90638580740e930105670c8a34fe', 2097153, 1767654000000, 1, 20459, 'standard', 'import', 3, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, '{"plan":"free"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'019b90638580765d806a72354654e698', 2097154, 1767654000000, 1, 20459, 'standard', 'import', 3, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, '{"plan":"free"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'019b9793bb407938a91902aacb1f0da3', 2097155, 1767774600000, 1, 20460, 'standard', 'import', 8, NULL, NULL, 'Quoted, "imported" words', NULL, 0, 0, NULL, NULL, NULL, '{"plan":"pro"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'019b9ab03d807ba2b029969b09ad619d', 2097156, 1767826800000, 1, 20461, 'standard', 'import', 10, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'019b9fd699807465a2312ea5e16baa4b', 2097157, 1767913200000, 1, 20462, 'standard', 'import', 5, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, '{"plan":"team"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'019c2ae24d807e4f9a8c8b899c0d1154', 4194304, 1770246000000, 1, 20489, 'standard', 'import', 10, NULL, NULL, 'Imported with an id', NULL, 0, 0, NULL, NULL, NULL, '{"plan":"pro"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'019c3008a98078e794280a55dcb45465', 4194305, 1770332400000, 1, 20490, 'standard', 'import', 0, NULL, NULL, 'Imported and dear', NULL, 0, 0, NULL, NULL, NULL, '{"plan":"free"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'019c352f05807f7c9f64b28934c191eb', 4194306, 1770418800000, 1, 20491, 'standard', 'import', 6, NULL, NULL, 'Changed by a file', NULL, 0, 0, NULL, NULL, NULL, '{"plan":"team"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'019c3a556180709baed1cdc3dc5cc498', 6291456, 1770505200000, 1, 20492, 'standard', 'import', 9, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, '{"plan":"pro"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a20d54ea4571a58da4f9fc3c6da5d7', 983185480414504407, 1795720498555, 0, 20783, 'standard', 'page', 0, 1000, 3, 'Much too dear 0', 60000, 1, 0, 'en', '/shop/0', 'z0nmc9bvmgxreb9zaesh1rm5hq', '{"plan":"free","seats":"0"}', NULL, '["quote"]', '["vip","Über"]', 'Called back', 1, 'Ann', 1795806898555, 1795720500920, 0, NULL),
(x'01a20d55115577a9a56412a9b8a1abcd', 2694298997230775245, 1795720498627, 0, 20783, 'standard', 'link', 7, 1900, 5, 'Lovely crème brûlée 1', 60000, 1, 0, 'de', '/shop/1', NULL, '{"plan":"pro","seats":"1"}', '{"parts":["tea","cups"],"why":"Because 1"}', NULL, '["vip"]', NULL, 2, NULL, NULL, 1795720500936, 0, NULL),
(x'01a21940fa6571109710cf5327ac435a', 1662056218554549082, 1795720018533, 1, 20783, 'standard', 'mail', 3, 2800, 7, NULL, NULL, 1, 0, 'en', '/shop/2', NULL, '{"plan":"team","seats":"2"}', NULL, NULL, NULL, 'Only a note', NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21941217578c9a6ceab360512bd13', 2796360667145354515, 1795720028533, 1, 20783, 'standard', 'interview', 10, 3700, 8, 'Slow delivery 3', 60000, 1, 0, 'de', '/shop/3', NULL, '{"plan":"free","seats":"3"}', NULL, NULL, '["later"]', NULL, 0, NULL, NULL, NULL, 0, NULL),
(x'01a219416f9575c28963dc6e8534f457', 676626736275059799, 1795720048533, 1, 20783, 'standard', 'link', 2, 5500, 10, NULL, NULL, 1, 0, 'de', '/shop/0', '97hrmn96m117vj70fe467k7t5f', '{"plan":"team","seats":"5"}', NULL, NULL, NULL, NULL, 0, NULL, 1795806448533, NULL, 0, 2),
(x'01a2194196a572c3879d679346d4ac7a', 548708611855264890, 1795720058533, 1, 20783, 'standard', 'mail', 9, 6400, 11, 'Fine 6', 60000, 1, 0, 'en', '/shop/1', NULL, '{"plan":"free","seats":"6"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 1),
(x'01a21941bdb574309b2ed40ed3addccb', 1958736048098761931, 1795720068533, 1, 20783, 'standard', 'interview', 5, 7300, 11, 'Slow delivery 7', 60000, 1, 0, 'de', '/shop/2', NULL, '{"plan":"pro","seats":"7"}', '{"parts":["tea","cups"],"why":"Because 7"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a219420bd57a4394341aad06905269', 1455817909989298793, 1795720088533, 1, 20783, 'standard', 'link', 8, 9100, 12, 'Lovely crème brûlée 9', 60000, 1, 0, 'de', '/shop/4', NULL, '{"plan":"free","seats":"9"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a2194232e57ccd82a00403ce80c4b0', 189155598745519280, 1795720098533, 1, 20783, 'standard', 'mail', 4, 10000, 12, 'Fine 10', 60000, 1, 0, 'en', '/shop/0', 'pmbhqemc6zaapsq8vgtb1d2at4', '{"plan":"pro","seats":"10"}', NULL, '["quote"]', NULL, NULL, 0, NULL, 1795806498533, NULL, 0, NULL),
(x'01a2194259f572a0b184ff27459142de', 3568257348920230622, 1795720108533, 1, 20783, 'standard', 'interview', NULL, NULL, NULL, NULL, NULL, 1, 1, 'de', '/shop/1', NULL, '{"plan":"team","seats":"11"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a2194281057a098a25e4664f5253a0', 731241642586166176, 1795720118533, 1, 20783, 'standard', 'page', 7, 11800, 13, 'Much too dear 12', 60000, 1, 0, 'en', '/shop/2', NULL, '{"plan":"free","seats":"12"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21942cf2579b398441b5616332aca', 1748552611880184522, 1795720138533, 1, 20783, 'standard', 'mail', 10, 13600, 14, NULL, NULL, 1, 0, 'en', '/shop/4', NULL, '{"plan":"team","seats":"14"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21942f6357636abf4a07c56600224', 3167332893833822756, 1795720148533, 1, 20783, 'standard', 'interview', 6, 14500, 14, 'Slow delivery 15', 60000, 1, 0, 'de', '/shop/0', 'tv18201xzfsg21cx678mvrtt74', '{"plan":"free","seats":"15"}', NULL, '["quote","reference"]', NULL, NULL, 0, NULL, 1795806548533, NULL, 0, NULL),
(x'01a219431d4572d8bfb62d2c81862fc9', 4590906539325665225, 1795720158533, 1, 20783, 'standard', 'page', 2, 15400, 14, 'Much too dear 16', 60000, 1, 0, 'en', '/shop/1', NULL, '{"plan":"pro","seats":"16"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a2194344557479b93d0e453f508249', 4124468524319015497, 1795720168533, 1, 20783, 'standard', 'link', 9, 16300, 15, NULL, NULL, 1, 0, 'de', '/shop/2', NULL, '{"plan":"team","seats":"17"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a219436b657ef7b1cfd99216df6486', 3589326649509766278, 1795720178533, 1, 20783, 'standard', 'mail', 5, 17200, 15, 'Fine 18', 60000, 1, 0, 'en', '/shop/3', NULL, '{"plan":"free","seats":"18"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a2194392757f139d905ecfd160c5d0', 2130306870410266064, 1795720188533, 1, 20783, 'standard', 'interview', 1, 18100, 15, 'Slow delivery 19', 60000, 1, 0, 'de', '/shop/4', NULL, '{"plan":"pro","seats":"19"}', '{"parts":["tea","cups"],"why":"Because 19"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21943b98574cf97288ff68c320f89', 1668741951017586569, 1795720198533, 1, 20783, 'standard', 'page', 8, 19000, 15, NULL, NULL, 1, 0, 'en', '/shop/0', 'nhxhbpfhj21a2f97sf0ftm0amn', '{"plan":"team","seats":"20"}', NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, 0, NULL),
(x'01a21943e09574aba8abb93f01d89a02', 2930639662799690242, 1795720208533, 1, 20783, 'standard', 'link', 4, 19900, 15, 'Lovely crème brûlée 21', 60000, 1, 0, 'de', '/shop/1', NULL, '{"plan":"free","seats":"21"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a219442eb576c5a9f85e3131f3b923', 3024270715163752739, 1795720228533, 1, 20783, 'standard', 'interview', 7, 21700, 16, NULL, NULL, 1, 0, 'de', '/shop/3', NULL, '{"plan":"team","seats":"23"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a2194455c576e589c7b59b995253fd', 704731546603639805, 1795720238533, 1, 20783, 'standard', 'page', NULL, NULL, NULL, NULL, NULL, 1, 1, 'en', '/shop/4', NULL, '{"plan":"free","seats":"24"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a219447cd573b8a94c4ea3738d243a', 2975839917710320698, 1795720248533, 1, 20783, 'standard', 'link', 10, 23500, 16, 'Lovely crème brûlée 25', 60000, 1, 0, 'de', '/shop/0', 'kgzdv4hvb831p186m7cdwy4cyh', '{"plan":"pro","seats":"25"}', '{"parts":["tea","cups"],"why":"Because 25"}', '["quote","reference"]', NULL, NULL, 0, NULL, NULL, NULL, 0, NULL),
(x'01a21944a3e57d018278c2614e1bcb38', 178105908459195192, 1795720258533, 1, 20783, 'standard', 'mail', 6, 24400, 16, NULL, NULL, 1, 0, 'en', '/shop/1', NULL, '{"plan":"team","seats":"26"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21944caf5714c8b11ad28cc21ce88', 797608999756353160, 1795720268533, 1, 20783, 'standard', 'interview', 2, 25300, 16, 'Slow delivery 27', 60000, 1, 0, 'de', '/shop/2', NULL, '{"plan":"free","seats":"27"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21944f2057a05b671863c0bdbc23a', 3923064342871523898, 1795720278533, 1, 20783, 'standard', 'page', 9, 26200, 17, 'Much too dear 28', 60000, 1, 0, 'en', '/shop/3', NULL, '{"plan":"pro","seats":"28"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a219451915784d87ca7883ff5a52f1', 561393611881206513, 1795720288533, 1, 20783, 'standard', 'link', 5, 27100, 17, NULL, NULL, 1, 0, 'de', '/shop/4', NULL, '{"plan":"team","seats":"29"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a219454025778aa5e333cb88dcf943', 2730082748384213315, 1795720298533, 1, 20783, 'standard', 'mail', 1, 28000, 17, 'Fine 30', 60000, 1, 0, 'en', '/shop/0', 'z0nmc9bvmgxreb9zaesh1rm5hq', '{"plan":"free","seats":"30"}', NULL, '["quote"]', NULL, NULL, 0, NULL, 1795806698533, NULL, 0, NULL),
(x'01a219458e45733fa9dd38b869ace913', 3016629690106177811, 1795720318533, 1, 20783, 'standard', 'page', 4, 29800, 17, NULL, NULL, 1, 0, 'en', '/shop/2', NULL, '{"plan":"team","seats":"32"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21945b555770ea1f65507a2909cb6', 2447236938802961590, 1795720328533, 1, 20783, 'standard', 'link', 0, 30700, 17, 'Lovely crème brûlée 33', 60000, 1, 0, 'de', '/shop/3', NULL, '{"plan":"free","seats":"33"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21945dc6575b0af0733c846bbe9e8', 3388734179892783592, 1795720338533, 1, 20783, 'standard', 'mail', 7, 31600, 17, 'Fine 34', 60000, 1, 0, 'en', '/shop/4', NULL, '{"plan":"pro","seats":"34"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a219460375796abf37a2be6f98bca3', 4555288486908312739, 1795720348533, 1, 20783, 'standard', 'interview', 3, 32500, 18, NULL, NULL, 1, 0, 'de', '/shop/0', '97hrmn96m117vj70fe467k7t5f', '{"plan":"team","seats":"35"}', NULL, NULL, NULL, NULL, 0, NULL, 1795806748533, NULL, 0, NULL),
(x'01a219462a8578eea26a25c852175b7a', 2479836087121828730, 1795720358533, 1, 20783, 'standard', 'page', 10, 33400, 18, 'Much too dear 36', 60000, 1, 0, 'en', '/shop/1', NULL, '{"plan":"free","seats":"36"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a219465195752fa78131c132decd6b', 2846611145326775659, 1795720368533, 1, 20783, 'standard', 'link', NULL, NULL, NULL, NULL, NULL, 1, 1, 'de', '/shop/2', NULL, '{"plan":"pro","seats":"37"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a2194678a570ff96e4a51519d9c9cc', 1649624873571043788, 1795720378533, 1, 20783, 'standard', 'mail', 2, 35200, 18, NULL, NULL, 1, 0, 'en', '/shop/3', NULL, '{"plan":"team","seats":"38"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a219469fb57470ba973000b54a2302', 4221895955282797314, 1795720388533, 1, 20783, 'standard', 'interview', 9, 36100, 18, 'Slow delivery 39', 60000, 1, 0, 'de', '/shop/4', NULL, '{"plan":"free","seats":"39"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a21946edd574a4ad733dcdef40af2e', 3275029308720066350, 1795720408533, 1, 20783, 'standard', 'link', 1, 37900, 18, NULL, NULL, 1, 0, 'de', '/shop/1', NULL, '{"plan":"team","seats":"41"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a2194714e570ac8692b534758240df', 473640147741720799, 1795720418533, 1, 20783, 'standard', 'mail', 8, 38800, 18, 'Fine 42', 60000, 1, 0, 'en', '/shop/2', NULL, '{"plan":"free","seats":"42"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a219473bf57152b281b8885b69dc23', 3639392869680798755, 1795720428533, 1, 20783, 'standard', 'interview', 4, 39700, 18, 'Slow delivery 43', 60000, 1, 0, 'de', '/shop/3', NULL, '{"plan":"pro","seats":"43"}', '{"parts":["tea","cups"],"why":"Because 43"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'01a2194763057f47b6e7d078e55b85dd', 3956360015330903517, 1795720438533, 1, 20783, 'standard', 'page', 0, 40600, 19, NULL, NULL, 1, 0, 'en', '/shop/4', NULL, '{"plan":"team","seats":"44"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL),
(x'01a219478a157acebc20f6264922b9cc', 4332733485826619852, 1795720448533, 1, 20783, 'standard', 'link', 7, 41500, 19, 'Lovely crème brûlée 45', 60000, 1, 0, 'de', '/shop/0', 'tv18201xzfsg21cx678mvrtt74', '{"plan":"free","seats":"45"}', NULL, '["quote","reference"]', NULL, NULL, 0, NULL, NULL, NULL, 3, NULL),
(x'01a21947b125704993be4721f5b9e1f5', 1422652743477748213, 1795720458533, 1, 20783, 'standard', 'mail', 3, 42400, 19, 'Fine 46', 60000, 1, 0, 'en', '/shop/1', NULL, '{"plan":"pro","seats":"46"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL),
(x'01a21947d835752589fbac3652a3b181', 719357914810397057, 1795720468533, 1, 20783, 'standard', 'interview', 10, 43300, 19, NULL, NULL, 1, 0, 'de', '/shop/2', NULL, '{"plan":"team","seats":"47"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL),
(x'11021c9e32114ac1ac7cc4a4ff4dab10', 3205653247717911312, 1795720500342, 0, 20783, 'again', 'interview', 8, 28900, 17, 'Slow delivery 31', 60000, 1, 0, 'de', '/shop/1', NULL, '{"plan":"pro","seats":"31"}', '{"parts":["tea","cups"],"why":"Because 31"}', NULL, NULL, NULL, 0, NULL, NULL, NULL, 0, NULL),
(x'38d048ec0f1049c683e1b258fd724452', 279700747152671826, 1795720498746, 0, 20783, 'standard', 'page', 6, 4600, 9, 'Much too dear 4', 60000, 1, 0, 'en', '/shop/4', NULL, '{"plan":"pro","seats":"4"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'54c0ce681f444bd1bcc75f3edcb285f8', 4379573886236395000, 1795720500497, 0, 20783, 'standard', 'page', 5, 37000, 18, 'Much too dear 40', 60000, 1, 0, 'en', '/shop/0', 'pmbhqemc6zaapsq8vgtb1d2at4', '{"plan":"pro","seats":"40"}', NULL, '["quote"]', NULL, NULL, 0, NULL, 1795806900497, NULL, 0, NULL),
(x'5f552773e14b4190993936e1daca3c06', 1817544268286934022, 1795720499252, 0, 20783, 'standard', 'link', 3, 12700, 14, 'Lovely crème brûlée 13', 60000, 1, 0, 'de', '/shop/3', NULL, '{"plan":"pro","seats":"13"}', '{"parts":["tea","cups"],"why":"Because 13"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL),
(x'8224b122c3e4489299196ada4fcfa583', 1808594211240387971, 1795720499952, 0, 20783, 'standard', 'mail', 0, 20800, 16, 'Fine 22', 60000, 1, 0, 'en', '/shop/2', NULL, '{"plan":"pro","seats":"22"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL);
INSERT INTO contact VALUES
(x'01a21941217578c9a6ceab360512bd13', 'visitor3@shop.example', 1795720498737), (x'01a2194232e57ccd82a00403ce80c4b0', 'visitor10@shop.example', 1795720499149),
(x'01a219478a157acebc20f6264922b9cc', 'visitor45@shop.example', 1795720500796), (x'11021c9e32114ac1ac7cc4a4ff4dab10', 'visitor31@shop.example', 1795720500361);
INSERT INTO property VALUES
(0, 'channel', '', x'ffffffffffffffffffffffffffffffffff', 0, 0), (1, 'plan', '$."plan"', x'ffffffffffffffffffffffffffffffffff', 0, 0);
INSERT INTO value VALUES
(0, 1, 'page', x'ffffffffffffffffffffffffffffffffff'), (0, 2, 'link', x'ffffffffffffffffffffffffffffffffff'), (0, 3, 'mail', x'ffffffffffffffffffffffffffffffffff'),
(0, 4, 'interview', x'ffffffffffffffffffffffffffffffffff'), (0, 5, 'import', x'ffffffffffffffffffffffffffffffffff'), (1, 1, 'free', x'ffffffffffffffffffffffffffffffffff'),
(1, 2, 'pro', x'ffffffffffffffffffffffffffffffffff'), (1, 3, 'team', x'ffffffffffffffffffffffffffffffffff');
INSERT INTO due VALUES
('retention', '', 1795806898454), ('webhook', 'rhanxxcbcq1y', 1795720545779);
INSERT INTO note VALUES
('47gvc010b3hg', 20513, 'Price change', 0, 1795720501178), ('dx9evkpd8t41', 20485, 'New blend', 1, 1795720501152);
INSERT INTO webhook VALUES
('2h0bb3wy3wx0', 'ok', 'http://$RECEIVER/ok', '["response"]', 'json', 0, NULL, 1795720500705, 0, NULL, NULL, NULL, NULL, NULL),
('rhanxxcbcq1y', 'failing', 'http://$RECEIVER/failing', '["detractor"]', 'json', 0, NULL, 1795720500724, 3, NULL, NULL, 1795720510866, NULL, NULL),
('t7k4q2bjmtej', 'paused', 'http://$RECEIVER/paused', '["response"]', 'json', 0, NULL, 1795720500733, 0, 1795720500742, 'Paused by the owner.', NULL, NULL, 'owner');
INSERT INTO delivery VALUES
(1, '2h0bb3wy3wx0', 'response', '01a219478a157acebc20f6264922b9cc', '{"type":"response.created","timestamp":"2026-11-26T19:15:10.800Z","site":{"id":"hraxc49xbxv7gjw0jkn1","name":"Tea shop"},"data":{"answers":{},"assignee":null,"at":"2026-11-26T19:14:08.533Z","category":"passive","channel":"link","comment":"Lovely crème brûlée 45","consents":["quote","reference"],"contacted_at":null,"dismissed":false,"due_at":null,"id":"01a21947-8a15-7ace-bc20-f6264922b9cc","lang":"de","mark":null,"note":null,"page":"/shop/0","properties":{"plan":"free","seats":"45"},"score":7,"seconds":41.5,"shown":true,"state":"open","tags":[],"user":"tv18201xzfsg21cx678mvrtt74","variant":"standard"}}', 1795720510800, 'delivered', 1795720540809, 1, 'passive', 0, NULL, NULL),
(2, 't7k4q2bjmtej', 'response', '01a219478a157acebc20f6264922b9cc', '{"type":"response.created","timestamp":"2026-11-26T19:15:10.800Z","site":{"id":"hraxc49xbxv7gjw0jkn1","name":"Tea shop"},"data":{"answers":{},"assignee":null,"at":"2026-11-26T19:14:08.533Z","category":"passive","channel":"link","comment":"Lovely crème brûlée 45","consents":["quote","reference"],"contacted_at":null,"dismissed":false,"due_at":null,"id":"01a21947-8a15-7ace-bc20-f6264922b9cc","lang":"de","mark":null,"note":null,"page":"/shop/0","properties":{"plan":"free","seats":"45"},"score":7,"seconds":41.5,"shown":true,"state":"open","tags":[],"user":"tv18201xzfsg21cx678mvrtt74","variant":"standard"}}', 1795720510800, 'pending', 1795720510800, 0, 'passive', 0, NULL, NULL),
(3, '2h0bb3wy3wx0', 'response', '01a21947b125704993be4721f5b9e1f5', '{"type":"response.created","timestamp":"2026-11-26T19:15:10.834Z","site":{"id":"hraxc49xbxv7gjw0jkn1","name":"Tea shop"},"data":{"answers":{},"assignee":null,"at":"2026-11-26T19:14:18.533Z","category":"detractor","channel":"email","comment":"Fine 46","consents":[],"contacted_at":null,"dismissed":false,"due_at":null,"id":"01a21947-b125-7049-93be-4721f5b9e1f5","lang":"en","mark":null,"note":null,"page":"/shop/1","properties":{"plan":"pro","seats":"46"},"score":3,"seconds":42.4,"shown":true,"state":null,"tags":[],"user":null,"variant":"standard"}}', 1795720510834, 'delivered', 1795720540839, 1, 'detractor', 0, NULL, NULL),
(4, 'rhanxxcbcq1y', 'detractor', '01a21947b125704993be4721f5b9e1f5', '{"type":"response.detractor","timestamp":"2026-11-26T19:15:10.834Z","site":{"id":"hraxc49xbxv7gjw0jkn1","name":"Tea shop"},"data":{"answers":{},"assignee":null,"at":"2026-11-26T19:14:18.533Z","category":"detractor","channel":"email","comment":"Fine 46","consents":[],"contacted_at":null,"dismissed":false,"due_at":null,"id":"01a21947-b125-7049-93be-4721f5b9e1f5","lang":"en","mark":null,"note":null,"page":"/shop/1","properties":{"plan":"pro","seats":"46"},"score":3,"seconds":42.4,"shown":true,"state":null,"tags":[],"user":null,"variant":"standard"}}', 1795720510834, 'pending', 1795720575872, 2, 'detractor', 0, NULL, NULL),
(5, 't7k4q2bjmtej', 'response', '01a21947b125704993be4721f5b9e1f5', '{"type":"response.created","timestamp":"2026-11-26T19:15:10.834Z","site":{"id":"hraxc49xbxv7gjw0jkn1","name":"Tea shop"},"data":{"answers":{},"assignee":null,"at":"2026-11-26T19:14:18.533Z","category":"detractor","channel":"email","comment":"Fine 46","consents":[],"contacted_at":null,"dismissed":false,"due_at":null,"id":"01a21947-b125-7049-93be-4721f5b9e1f5","lang":"en","mark":null,"note":null,"page":"/shop/1","properties":{"plan":"pro","seats":"46"},"score":3,"seconds":42.4,"shown":true,"state":null,"tags":[],"user":null,"variant":"standard"}}', 1795720510834, 'pending', 1795720510834, 0, 'detractor', 0, NULL, NULL),
(6, '2h0bb3wy3wx0', 'response', '01a2194763057f47b6e7d078e55b85dd', '{"type":"response.created","timestamp":"2026-11-26T19:15:40.759Z","site":{"id":"hraxc49xbxv7gjw0jkn1","name":"Tea shop"},"data":{"answers":{},"assignee":null,"at":"2026-11-26T19:13:58.533Z","category":"detractor","channel":"web","comment":null,"consents":[],"contacted_at":null,"dismissed":false,"due_at":null,"id":"01a21947-6305-7f47-b6e7-d078e55b85dd","lang":"en","mark":null,"note":null,"page":"/shop/4","properties":{"plan":"team","seats":"44"},"score":0,"seconds":40.6,"shown":true,"state":null,"tags":[],"user":null,"variant":"standard"}}', 1795720540759, 'delivered', 1795720570767, 1, 'detractor', 0, NULL, NULL),
(7, 'rhanxxcbcq1y', 'detractor', '01a2194763057f47b6e7d078e55b85dd', '{"type":"response.detractor","timestamp":"2026-11-26T19:15:40.760Z","site":{"id":"hraxc49xbxv7gjw0jkn1","name":"Tea shop"},"data":{"answers":{},"assignee":null,"at":"2026-11-26T19:13:58.533Z","category":"detractor","channel":"web","comment":null,"consents":[],"contacted_at":null,"dismissed":false,"due_at":null,"id":"01a21947-6305-7f47-b6e7-d078e55b85dd","lang":"en","mark":null,"note":null,"page":"/shop/4","properties":{"plan":"team","seats":"44"},"score":0,"seconds":40.6,"shown":true,"state":null,"tags":[],"user":null,"variant":"standard"}}', 1795720540760, 'pending', 1795720545779, 1, 'detractor', 0, NULL, NULL),
(8, 't7k4q2bjmtej', 'response', '01a2194763057f47b6e7d078e55b85dd', '{"type":"response.created","timestamp":"2026-11-26T19:15:40.760Z","site":{"id":"hraxc49xbxv7gjw0jkn1","name":"Tea shop"},"data":{"answers":{},"assignee":null,"at":"2026-11-26T19:13:58.533Z","category":"detractor","channel":"web","comment":null,"consents":[],"contacted_at":null,"dismissed":false,"due_at":null,"id":"01a21947-6305-7f47-b6e7-d078e55b85dd","lang":"en","mark":null,"note":null,"page":"/shop/4","properties":{"plan":"team","seats":"44"},"score":0,"seconds":40.6,"shown":true,"state":null,"tags":[],"user":null,"variant":"standard"}}', 1795720540760, 'pending', 1795720540760, 0, 'detractor', 0, NULL, NULL),
(9, '2h0bb3wy3wx0', 'response', '01a21947d835752589fbac3652a3b181', '{"type":"response.created","timestamp":"2026-11-26T19:15:40.892Z","site":{"id":"hraxc49xbxv7gjw0jkn1","name":"Tea shop"},"data":{"answers":{},"assignee":null,"at":"2026-11-26T19:14:28.533Z","category":"promoter","channel":"interview","comment":null,"consents":[],"contacted_at":null,"dismissed":false,"due_at":null,"id":"01a21947-d835-7525-89fb-ac3652a3b181","lang":"de","mark":null,"note":null,"page":"/shop/2","properties":{"plan":"team","seats":"47"},"score":10,"seconds":43.3,"shown":true,"state":null,"tags":[],"user":null,"variant":"standard"}}', 1795720540892, 'delivered', 1795720570894, 1, 'promoter', 0, NULL, NULL),
(10, 't7k4q2bjmtej', 'response', '01a21947d835752589fbac3652a3b181', '{"type":"response.created","timestamp":"2026-11-26T19:15:40.892Z","site":{"id":"hraxc49xbxv7gjw0jkn1","name":"Tea shop"},"data":{"answers":{},"assignee":null,"at":"2026-11-26T19:14:28.533Z","category":"promoter","channel":"interview","comment":null,"consents":[],"contacted_at":null,"dismissed":false,"due_at":null,"id":"01a21947-d835-7525-89fb-ac3652a3b181","lang":"de","mark":null,"note":null,"page":"/shop/2","properties":{"plan":"team","seats":"47"},"score":10,"seconds":43.3,"shown":true,"state":null,"tags":[],"user":null,"variant":"standard"}}', 1795720540892, 'pending', 1795720540892, 0, 'promoter', 0, NULL, NULL);
INSERT INTO attempt VALUES
(1, 1, 1795720510816, 200, NULL, 5), (3, 1, 1795720510865, 200, NULL, 26), (4, 1, 1795720510866, 500, NULL, 22), (4, 2, 1795720515871, 500, NULL, 1), (6, 1, 1795720540775, 200, NULL, 8),
(7, 1, 1795720540779, 500, NULL, 10), (9, 1, 1795720540896, 200, NULL, 1);
INSERT INTO day VALUES
(0, 'again', 20783, 4, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20458, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20459, 5, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20460, 5, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20461, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20462, 5, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20489, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20490, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20491, 5, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20492, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20783, 1, 2, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 11, 10, 1, 7, 11, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0, 2, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20783, 2, 1, 1, 0, 1, 1, 1, 0, 2, 1, 1, 1, 11, 10, 1, 7, 11, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 1, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20783, 3, 1, 1, 1, 2, 1, 1, 1, 1, 1, 0, 1, 11, 11, 0, 7, 11, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 1, 2, 2, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(0, 'standard', 20783, 4, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 2, 11, 10, 1, 7, 11, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 1, 2, 0, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'again', 20783, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20458, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20459, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20460, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20461, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20462, 3, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20489, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20490, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20491, 3, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20492, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20783, 1, 2, 1, 1, 0, 1, 1, 1, 2, 2, 1, 2, 15, 14, 1, 14, 15, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 2, 1, 2, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20783, 2, 1, 1, 1, 2, 2, 2, 1, 2, 0, 1, 1, 15, 14, 1, 14, 15, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0, 2, 1, 2, 2, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
(1, 'standard', 20783, 3, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 14, 13, 1, 0, 14, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 2, 2, 2, 3, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO audit VALUES
(1, 1795720498454, 'admin', NULL, NULL, 'site.created', NULL), (2, 1795720500689, 'owner', '791767caf510', NULL, 'survey.changed', NULL),
(3, 1795720500706, 'owner', '791767caf510', NULL, 'webhook.created', '2h0bb3wy3wx0'), (4, 1795720500725, 'owner', '791767caf510', NULL, 'webhook.created', 'rhanxxcbcq1y'),
(5, 1795720500733, 'owner', '791767caf510', NULL, 'webhook.created', 't7k4q2bjmtej'), (6, 1795720500745, 'owner', '791767caf510', NULL, 'webhook.changed', 't7k4q2bjmtej'),
(7, 1795720500921, 'owner', '791767caf510', NULL, 'response.changed', '01a20d54-ea45-71a5-8da4-f9fc3c6da5d7'),
(8, 1795720500937, 'owner', '791767caf510', NULL, 'response.changed', '01a20d55-1155-77a9-a564-12a9b8a1abcd'),
(9, 1795720500945, 'owner', '791767caf510', NULL, 'response.changed', '01a21940-fa65-7110-9710-cf5327ac435a'),
(10, 1795720500948, 'owner', '791767caf510', NULL, 'response.changed', '01a21941-2175-78c9-a6ce-ab360512bd13'),
(11, 1795720500971, 'owner', '791767caf510', NULL, 'response.changed', '01a21941-6f95-75c2-8963-dc6e8534f457'),
(12, 1795720500981, 'owner', '791767caf510', NULL, 'response.changed', '01a21941-96a5-72c3-879d-679346d4ac7a'),
(13, 1795720500991, 'owner', '791767caf510', NULL, 'response.erased', '01a21941-e4c5-7ed7-b165-c8ce36e2f24b'), (14, 1795720501028, 'owner', '791767caf510', NULL, 'responses.imported', NULL),
(15, 1795720501069, 'owner', '791767caf510', NULL, 'responses.imported', NULL), (16, 1795720501097, 'owner', '791767caf510', NULL, 'responses.imported', NULL),
(17, 1795720501154, 'owner', '791767caf510', NULL, 'note.created', 'dx9evkpd8t41'), (18, 1795720501178, 'owner', '791767caf510', NULL, 'note.created', '47gvc010b3hg'),
(19, 1795720501201, 'owner', '791767caf510', NULL, 'key.created', '02bce24bed50'), (20, 1795720501206, 'owner', '791767caf510', NULL, 'key.created', '4910dbf4fe08'),
(21, 1795720501257, 'owner', '791767caf510', NULL, 'settings.changed', NULL), (22, 1795720541205, 'owner', '791767caf510', NULL, 'responses.exported', NULL);
INSERT INTO marked VALUES
(x'01a219416f9575c28963dc6e8534f457'), (x'01a2194196a572c3879d679346d4ac7a');
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
(2097152, x'019b8d627a8077b7a39f4478113dfc81'), (2097155, x'019b9793bb407938a91902aacb1f0da3'), (4194304, x'019c2ae24d807e4f9a8c8b899c0d1154'), (4194305, x'019c3008a98078e794280a55dcb45465'),
(4194306, x'019c352f05807f7c9f64b28934c191eb'), (189155598745519280, x'01a2194232e57ccd82a00403ce80c4b0'), (279700747152671826, x'38d048ec0f1049c683e1b258fd724452'),
(473640147741720799, x'01a2194714e570ac8692b534758240df'), (548708611855264890, x'01a2194196a572c3879d679346d4ac7a'), (731241642586166176, x'01a2194281057a098a25e4664f5253a0'),
(797608999756353160, x'01a21944caf5714c8b11ad28cc21ce88'), (983185480414504407, x'01a20d54ea4571a58da4f9fc3c6da5d7'), (1422652743477748213, x'01a21947b125704993be4721f5b9e1f5'),
(1455817909989298793, x'01a219420bd57a4394341aad06905269'), (1808594211240387971, x'8224b122c3e4489299196ada4fcfa583'), (1817544268286934022, x'5f552773e14b4190993936e1daca3c06'),
(1958736048098761931, x'01a21941bdb574309b2ed40ed3addccb'), (2130306870410266064, x'01a2194392757f139d905ecfd160c5d0'), (2447236938802961590, x'01a21945b555770ea1f65507a2909cb6'),
(2479836087121828730, x'01a219462a8578eea26a25c852175b7a'), (2694298997230775245, x'01a20d55115577a9a56412a9b8a1abcd'), (2730082748384213315, x'01a219454025778aa5e333cb88dcf943'),
(2796360667145354515, x'01a21941217578c9a6ceab360512bd13'), (2930639662799690242, x'01a21943e09574aba8abb93f01d89a02'), (2975839917710320698, x'01a219447cd573b8a94c4ea3738d243a'),
(3167332893833822756, x'01a21942f6357636abf4a07c56600224'), (3205653247717911312, x'11021c9e32114ac1ac7cc4a4ff4dab10'), (3388734179892783592, x'01a21945dc6575b0af0733c846bbe9e8'),
(3589326649509766278, x'01a219436b657ef7b1cfd99216df6486'), (3639392869680798755, x'01a219473bf57152b281b8885b69dc23'), (3923064342871523898, x'01a21944f2057a05b671863c0bdbc23a'),
(4221895955282797314, x'01a219469fb57470ba973000b54a2302'), (4332733485826619852, x'01a219478a157acebc20f6264922b9cc'), (4379573886236395000, x'54c0ce681f444bd1bcc75f3edcb285f8'),
(4590906539325665225, x'01a219431d4572d8bfb62d2c81862fc9');
INSERT INTO import VALUES
(1, '6az9bgfm5c7g', 1795720501028, '9a1900a3b6ea7c5ccd82fad822902ef78d69fbbc0597e7c4081195e194cdf1e8', '791767caf510', NULL, '{"cut":{"count":0,"lines":[]},"left_out":[],"older_than_kept":0,"options":{"format":"csv"},"rejected":0,"rows":6,"tool":null,"without_date":0,"without_score":0}', 'complete', 6, 0, 0, x''),
(2, 'zxvdztz4x0kw', 1795720501069, '51ee05ee862a80a968cf7fdd1dd5762d437a9f6f8c39c1981ce5ef8f7b60d47c', '791767caf510', NULL, '{"cut":{"count":0,"lines":[]},"left_out":[],"older_than_kept":0,"options":{"format":"csv"},"rejected":0,"rows":3,"tool":null,"without_date":0,"without_score":0}', 'complete', 3, 0, 0, x''),
(3, 'abz7ptpg7azt', 1795720501097, 'fb3ec789eb4ab1747720a5b908e069a19494d10ff76768e075325f2d9bcdf3d5', '791767caf510', NULL, '{"cut":{"count":0,"lines":[]},"left_out":[],"older_than_kept":0,"options":{"format":"csv"},"rejected":0,"rows":2,"tool":null,"without_date":0,"without_score":0}', 'complete', 1, 1, 0, x'');
INSERT INTO import_key VALUES
(x'87e635dd6439a754c6c9aeb9ad25bddc', x'019b8d627a8077b7a39f4478113dfc81', 1), (x'b38775284697d48d4481d735a62eed1d', x'019b90638580740e930105670c8a34fe', 1),
(x'815e443413bf3fa0c2cca80d217ee1e0', x'019b90638580765d806a72354654e698', 1), (x'f983ba329948c12d14ba03cb777b6077', x'019b9793bb407938a91902aacb1f0da3', 1),
(x'e2c4d0a97b5ac2fd2048af439f08b943', x'019b9ab03d807ba2b029969b09ad619d', 1), (x'82cbd854118da6e0fa9106522ce562ec', x'019b9fd699807465a2312ea5e16baa4b', 1),
(x'7603a1d9eba6bc0b000ee3bf35df96eb', x'019c2ae24d807e4f9a8c8b899c0d1154', 2), (x'8390ecab054341ff8722fd41a5415d10', x'019c3008a98078e794280a55dcb45465', 2),
(x'79a7b18c14aaab167f0fc0c15e1e650f', x'019c352f05807f7c9f64b28934c191eb', 2), (x'61aab7a6851f98e51ff2013048075efe', x'019c3a556180709baed1cdc3dc5cc498', 3);
INSERT INTO import_change VALUES
(3, x'019c352f05807f7c9f64b28934c191eb', '{"at":1770418800000,"timed":1,"score":7,"comment":null,"lang":null,"page":null,"user":null,"properties":"{\"plan\":\"team\"}"}');
INSERT INTO tagged VALUES
('later', x'01a21941217578c9a6ceab360512bd13'), ('vip', x'01a20d54ea4571a58da4f9fc3c6da5d7'), ('vip', x'01a20d55115577a9a56412a9b8a1abcd'), ('Über', x'01a20d54ea4571a58da4f9fc3c6da5d7');
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
