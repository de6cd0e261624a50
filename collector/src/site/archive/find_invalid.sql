WITH line AS MATERIALIZED (
SELECT key AS number, iif(type = 'object', value ->> '$.table', NULL) AS name,
iif(type = 'object', value -> '$.row', NULL) AS row FROM json_each(?1)
), declared AS MATERIALIZED (
SELECT t.value AS tbl, i.name, i.type, i."notnull" OR i.pk AS required
FROM json_each(?2) AS t, pragma_table_info(t.value) AS i
)
SELECT 'Line ' || CAST(?3 + number + 2 AS INTEGER) || ' is not a row of an archive. Table `'
|| substr(ifnull(tbl, ''), 1, 60) || '`, column `' || substr(ifnull(col, ''), 1, 60)
|| '`: it is unknown in this schema version, or its value has another type.'
FROM (
SELECT number, name AS tbl, NULL AS col FROM line
WHERE row IS NULL OR name IS NULL OR name NOT IN (SELECT tbl FROM declared)
UNION ALL
SELECT number, line.name, cell.key FROM line, json_each(line.row) AS cell
WHERE NOT EXISTS (SELECT 1 FROM declared WHERE tbl = line.name AND declared.name = cell.key)
UNION ALL
SELECT number, line.name, declared.name FROM line JOIN declared ON tbl = line.name
WHERE CASE ifnull(json_type(row, '$.' || declared.name), 'null')
WHEN 'null' THEN required
WHEN 'integer' THEN declared.type <> 'INTEGER'
WHEN 'text' THEN declared.type = 'INTEGER'
OR (declared.type = 'BLOB' AND unhex(row ->> declared.name) IS NULL)
ELSE 1 END
) LIMIT 1
