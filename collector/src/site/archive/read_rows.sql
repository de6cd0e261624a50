WITH col AS (
SELECT pk, type, '"' || name || '"' AS name,
iif(type = 'BLOB', 'iif("' || name || '" IS NULL, NULL, hex("' || name || '"))', '"' || name || '"')
AS encoded
FROM pragma_table_info(?1)
), part AS (
SELECT group_concat('''' || name || ':'' || json_quote(' || encoded || ')', ' || '','' || ') AS row,
group_concat(encoded, ', ' ORDER BY pk) FILTER (WHERE pk > 0) AS cursor,
group_concat(name, ', ' ORDER BY pk) FILTER (WHERE pk > 0) AS keys,
group_concat(iif(type = 'BLOB', 'unhex(?1 ->> ' || pk || ')', '?1 ->> ' || pk), ', ' ORDER BY pk)
FILTER (WHERE pk > 0) AS after
FROM col
)
SELECT 'SELECT json_array(''' || ?1 || ''', ' || cursor || ') || char(10)
|| ''{"table":"' || ?1 || '","row":{'' || ' || row || ' || ''}}'' FROM ' || ?1
|| iif(?2, ' WHERE (' || keys || ') > (' || after || ')', '') || ' ORDER BY ' || keys || ' LIMIT 500'
FROM part
