"""Writes a fixture of a collector's tables: its site as SQL, and what it answered about it.

    python3 tests/http/upgrades/write_fixture.py DIST COMMIT

`DIST` is the folder that `cargo xtask build` leaves, of the commit `COMMIT`. The collector runs in
plain workerd and is driven by HTTP with all that is stored in a site. `schema_N.sql` has the tables
as they are when it has ended, and `schema_N.json` its last answers. `each.rs` opens both.
"""

import json
import os
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from fixture_format import as_lines, dump

ROOT = Path(__file__).resolve().parents[3]
SECRET = "secret-of-the-fixtures"
ADMIN = "admin-token-of-the-fixtures-0123456789"
# URL of the receiver of webhooks in a fixture.
RECEIVER = "http://$RECEIVER"
# Number of impressions, and how many of them are there before the webhooks.
IMPRESSIONS, UNSENT = 48, 44
# Rows without an id, two of which are alike, and rows with one.
PLAIN_FILE = """score,at,comment,plan
9,2026-01-05 10:00,Good imported tea,pro
3,2026-01-06,,free
3,2026-01-06,,free
8,2026-01-07T08:30:00Z,"Quoted, ""imported"" words",pro
10,2026-01-08,,
5,2026-01-09,,team
"""
KEYED_FILE = """id,score,at,comment,plan
a1,10,2026-02-05,Imported with an id,pro
a2,0,2026-02-06,Imported and dear,free
a3,7,2026-02-07,,team
"""
# The last of the rows again, changed, and one more.
CHANGED_FILE = """id,score,at,comment,plan
a3,6,2026-02-07,Changed by a file,team
a4,9,2026-02-08,,pro
"""


class Receiver(BaseHTTPRequestHandler):
    """Receiver of webhooks: `/ok` accepts, anything else is a fault of the server."""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(200 if self.path == "/ok" else 500)
        self.end_headers()

    def log_message(self, *_):
        pass


class Collector:
    """A collector in workerd."""

    def __init__(self, dist, data):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        variables = {
            "GRAPEVINE_SECRET": SECRET,
            "GRAPEVINE_ADMIN_TOKEN": ADMIN,
            "GRAPEVINE_WEBHOOK_HOSTS": "127.0.0.1",
        }
        self.process = subprocess.Popen(
            [ROOT / "node_modules/.bin/workerd", "serve", f"--socket-addr=http=127.0.0.1:{port}",
             f"--directory-path=data={data}", dist / "workerd.capnp"],
            env=os.environ | variables,
        )
        self.until("it is up", lambda: self.status("GET", "/healthz")[0] == 200)

    def until(self, what, condition):
        for _ in range(1_800):
            if condition():
                return
            time.sleep(0.05)
        sys.exit(f"it did not come to this: {what}")

    def status(self, method, path, body=None, key="", content_type="application/json"):
        """Returns the status and the body of an answer; 0 without one."""
        data = None if body is None else (body if isinstance(body, str) else json.dumps(body)).encode()
        headers = {"content-type": content_type} | ({"authorization": f"Bearer {key}"} if key else {})
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except urllib.error.URLError:
            return 0, ""

    def ask(self, *request, **options):
        """Returns the JSON of an answer that must be a success, and a list of it for NDJSON."""
        status, body = self.status(*request, **options)
        if not 200 <= status < 300:
            sys.exit(f"{request}: {status} {body}")
        if "format=ndjson" in request[1]:
            return [json.loads(line) for line in body.splitlines()]
        return json.loads(body) if body else None

    def knows(self, method, path):
        """Whether the description of the collector has an operation."""
        return method.lower() in self.ask("GET", "/openapi.json")["paths"].get(path, {})


def messages(start_ms):
    """Yields messages of visitors in all channels with every field; some add to an earlier one."""
    made = random.Random(4)
    for nth in range(IMPRESSIONS):
        bits = made.getrandbits(74)
        # Those of the first two have waited in an outbox for days.
        ms = start_ms + nth * 10_000 - (nth < 2) * 200_000_000
        time_id = ms << 80 | 7 << 76 | (bits >> 62) << 64 | 2 << 62 | bits & (1 << 62) - 1
        # Every ninth has no time in its id.
        id = str(uuid.UUID(int=made.getrandbits(128), version=4) if nth % 9 == 4 else uuid.UUID(int=time_id))
        context = {
            "id": id, "shown": True, "channel": ["web", "link", "email", "interview"][nth % 4],
            "variant": "again" if nth == 31 else None, "lang": ["en", "de"][nth % 2],
            "properties": {"plan": ["free", "pro", "team"][nth % 3], "seats": nth},
            "page": f"/shop/{nth % 5}",
        }
        if nth % 13 == 11:
            yield context | {"dismissed": True, "elapsed_ms": 2_500}
            continue
        yield context
        answer = {"id": id, "score": nth * 7 % 11, "elapsed_ms": 1_000 + nth * 900}
        answer |= {"user": f"user{nth % 6}@shop.example"} if nth % 5 == 0 else {}
        yield answer
        comment = ["Much too dear", "Lovely crème brûlée", "Fine", "Slow delivery"][nth % 4]
        more = {"id": id, "elapsed_ms": 60_000, "comment": f"{comment} {nth}"}
        more |= {"contact": f"visitor{nth}@shop.example"} if nth % 7 == 3 else {}
        more |= {"consents": ["quote", "reference"][: 1 + nth % 2]} if nth % 5 == 0 else {}
        parts = ["tea", "cups"][: 1 + nth % 2]
        more |= {"answers": {"why": f"Because {nth}", "parts": parts}} if nth % 6 == 1 else {}
        if nth % 3 < 2:
            yield more


def fill(collector, port):
    """Stores all that a site can hold, and returns the site with its keys."""
    survey = {
        "delay_seconds": 5,
        "follow_ups": [
            {"key": "why", "kind": "text", "question": {"en": "Why?"}},
            {"key": "parts", "kind": "choice", "multiple": True, "question": {"en": "What?"}, "options": [
                {"key": "tea", "label": {"en": "Tea"}}, {"key": "cups", "label": {"en": "Cups"}}]},
        ],
    }
    new = {
        "name": "Tea shop", "timezone": "Europe/Berlin", "origins": [], "properties": ["plan"], "badge": True,
        "public_notes": True, "retention": {"months": None, "contact_days": 730},
    }
    made = collector.ask("POST", "/v1/sites", new, key=ADMIN)
    owner, path = made["keys"]["owner"], f"/v1/sites/{made['site']}"

    def ask(method, endpoint, body=None, **options):
        return collector.ask(method, f"{path}/{endpoint}".rstrip("/"), body, key=owner, **options)

    def new_webhook(name, event):
        webhook = {"url": f"http://127.0.0.1:{port}/{name}", "events": [event], "name": name}
        return ask("POST", "webhooks", webhook)

    sent = list(messages(int(time.time() * 1000) - 500_000))
    ids = list(dict.fromkeys(message["id"] for message in sent))
    for message in sent:
        if ids.index(message["id"]) < UNSENT:
            ask("POST", "responses", message)
    ask("PUT", "survey", survey)
    events = {"ok": "response.created", "failing": "response.detractor", "paused": "response.created"}
    webhooks = [new_webhook(name, event) for name, event in events.items()]
    ask("PATCH", f"webhooks/{webhooks[2]['id']}", {"paused": True})
    for message in sent:
        if ids.index(message["id"]) >= UNSENT:
            ask("POST", "responses", message)
    changes = [
        {"tags": ["vip", "Über"], "note": "Called back", "state": "in_progress", "assignee": "Ann"},
        {"tags": ["vip"], "state": "done"}, {"note": "Only a note"}, {"tags": ["later"], "state": "open"},
    ]
    for id, change in zip(ids, changes):
        ask("PATCH", f"responses/{id}", change)
    if collector.knows("POST", "/v1/sites/{site}/responses/mark"):
        ask("PATCH", f"responses/{ids[5]}", {"mark": "spam"})
        ask("PATCH", f"responses/{ids[6]}", {"mark": "test"})
    ask("DELETE", f"responses/{ids[8]}")
    imports = [
        {"file": file, "answer": ask("POST", "import", file, content_type="text/csv")}
        for file in (PLAIN_FILE, KEYED_FILE, CHANGED_FILE)
    ]
    ask("POST", "notes", {"text": "New blend", "day": "2026-02-01", "public": True})
    ask("POST", "notes", {"text": "Price change", "day": "2026-03-01"})
    keys = {
        role: ask("POST", "keys", {"role": role, "name": f"The {role} key"})["key"]
        for role in ("read", "share")
    }
    person = {"user": "invited@shop.example", "properties": {"plan": "pro"}}
    link = ask("POST", "links", {"links": [person]})["links"][0]
    if collector.knows("GET", "/v1/sites/{site}/identity"):
        ask("PATCH", "", {"identity": "signed"})

    def deliveries(webhook):
        return ask("GET", f"webhooks/{webhook['id']}/deliveries")["deliveries"]

    def is_tried():
        """Whether all is delivered, has failed once or waits, respectively."""
        counts = [[it["state"] == "delivered" for it in deliveries(webhook)] for webhook in webhooks]
        has_failed = any(it["attempts"] for it in deliveries(webhooks[1]))
        new = IMPRESSIONS - UNSENT
        return counts == [[True] * new, [False] * 2, [False] * new] and has_failed

    collector.until("the deliveries are tried", is_tried)
    collector.until("the properties are counted", lambda: not ask("GET", "")["in_progress"]["properties"])
    return ask, {
        "site": made["site"],
        "keys": {"owner": owner} | keys,
        "erased": ids[8],
        "link": link,
        "imports": imports,
        "webhook_secrets": {webhook["id"]: webhook["secret"] for webhook in webhooks},
    }


def answers(collector, ask, webhooks):
    """Returns all that the collector answers about the site."""
    asked = {
        "", "survey", "score", "score?group_by=channel", "score?filter[plan]=pro",
        "score?from=2026-01-01&to=2026-03-31&interval=month", "responses?limit=200",
        "responses?q=dear", "responses?q=brulee", "responses?q=imported", "responses?tag=vip",
        "responses?state=open", "responses?state=in_progress", "responses?state=done",
        "responses?user=user0%40shop.example", "notes", "changes", "keys", "webhooks",
    } | {f"webhooks/{id}/deliveries" for id in webhooks}
    asked |= {f"score?filter[channel]={it}" for it in ("web", "link", "email", "interview", "import")}
    for name, added in {
        "audit": {"audit"}, "tags": {"tags"}, "imports": {"imports"}, "identity": {"identity"},
        "responses/mark": {"responses?marked=any&limit=200", "responses?marked=spam"},
    }.items():
        operation = f"/v1/sites/{{site}}/{name}"
        if collector.knows("GET", operation) or collector.knows("POST", operation):
            asked |= added
    found = {endpoint: ask("GET", endpoint) for endpoint in sorted(asked)}
    listed = found.get("responses?marked=any&limit=200", found["responses?limit=200"])["responses"]
    if listed != ask("GET", "export?format=ndjson"):
        sys.exit("the export is not the list")
    # The others are told by their ids.
    for endpoint, answer in found.items():
        if answer.get("responses", listed) is not listed:
            answer["responses"] = [response["id"] for response in answer["responses"]]
    return found


def main(dist, commit):
    receiver = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as data:
        collector = Collector(dist.resolve(), data)
        try:
            ask, site = fill(collector, receiver.server_port)
            answered = answers(collector, ask, site["webhook_secrets"])
        finally:
            collector.process.kill()
            collector.process.wait()
        [file] = [it for it in Path(data).glob("grapevine-site/*.sqlite") if it.name != "metadata.sqlite"]
        receiver_url = f"http://127.0.0.1:{receiver.server_port}"
        statements = "\n".join(dump(file)).replace(receiver_url, RECEIVER)
        schema = sqlite3.connect(file).execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()[0]
    about = f"-- A site of schema {schema}: the collector of commit {commit}, driven by write_fixture.py.\n"
    folder = Path(__file__).parent
    (folder / f"schema_{schema}.sql").write_text(about + statements + "\n")
    known = {"commit": commit, "secret": SECRET, "object": file.stem} | site | {"answers": answered}
    (folder / f"schema_{schema}.json").write_text(as_lines(known).replace(receiver_url, RECEIVER) + "\n")


main(Path(sys.argv[1]), sys.argv[2])
