"""Form of a fixture: a database as SQL, and JSON in lines."""

import json
import re
import sqlite3

WIDTH = 190


def sql_value(value):
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def filled(parts, indent=""):
    """Returns parts of a statement in as few lines as hold them."""
    lines = [""]
    for part in parts:
        if lines[-1].strip() and len(lines[-1]) + len(part) > WIDTH:
            lines.append(indent)
        lines[-1] += (" " if lines[-1].strip() else "") + part
    return "\n".join(lines)


def wrapped(statement):
    """Returns a statement in lines; a string stays on its line."""
    words = re.findall(r"(?:'[^']*'|[^\s'])+", statement)
    # A module reads a line break in its arguments as a part of them.
    return (" ".join(words) if "VIRTUAL" in words else filled(words, "   ")) + ";"


def dump(file):
    """Yields the SQL of a database: tables, rows, and then what the rows would set off."""
    database = sqlite3.connect(file)
    named = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
    objects = [row for row in database.execute(named) if not row[1].startswith(("_cf_", "sqlite_"))]
    names = [name for _, name, _ in objects]
    virtual = [name for _, name, sql in objects if sql.startswith("CREATE VIRTUAL")]

    def is_shadow(name):
        """Whether a virtual table has made the table. An earlier one may have left a table behind."""
        return any(name.startswith(f"{it}_") and names.index(it) < names.index(name) for it in virtual)

    for kind, name, sql in objects:
        if kind == "table" and not is_shadow(name):
            yield wrapped(sql)
    for name in [name for kind, name, _ in objects if kind == "table" and name not in virtual]:
        stored = database.execute(f"SELECT * FROM {name}")
        rows = ["(" + ", ".join(map(sql_value, row)) + ")," for row in stored]
        if is_shadow(name):
            yield f"DELETE FROM {name};"
        if rows:
            yield f"INSERT INTO {name} VALUES\n{filled(rows)[:-1]};"
    for name, last in database.execute("SELECT name, seq FROM sqlite_sequence"):
        if not name.startswith("_cf_"):
            yield f"UPDATE sqlite_sequence SET seq = {last} WHERE name = '{name}';"
    for kind, _, sql in objects:
        if kind in ("index", "trigger"):
            yield wrapped(sql)


def as_lines(value, depth=0):
    """Returns JSON with a line for each member of the first levels, and for each object in a list."""
    def is_list(value):
        return isinstance(value, list) and value and isinstance(value[0], dict)

    if isinstance(value, dict) and (depth < 2 or any(map(is_list, value.values()))):
        members = [f"{json.dumps(name)}: {as_lines(it, depth + 1)}" for name, it in value.items()]
        start, end = "{}"
    elif is_list(value):
        members = [json.dumps(it, ensure_ascii=False) for it in value]
        start, end = "[]"
    else:
        return json.dumps(value, ensure_ascii=False)
    indent = "  " * (depth + 1)
    return f"{start}\n{indent}" + f",\n{indent}".join(members) + "\n" + "  " * depth + end
