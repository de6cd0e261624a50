WITH col AS (
SELECT '"' || name || '"' AS name, type, 'value ->> ''$.row.' || name || '''' AS archived
FROM pragma_table_info(?1)
)
SELECT 'INSERT INTO ' || ?1 || ' (' || group_concat(name, ', ') || ') SELECT '
|| group_concat(iif(type = 'BLOB', 'unhex(' || archived || ')', archived), ', ')
|| ' FROM json_each(?1) WHERE value ->> ''$.table'' = ''' || ?1 || ''' ON CONFLICT DO NOTHING'
FROM col
