// A collector in plain JavaScript, to measure ours against: it parses a message, inserts a row and
// counts it, and serves the score. Nothing more, so it is what an experienced developer writes in
// an hour, and it has no limits, keys, languages or merging.
import { DurableObject } from "cloudflare:workers";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS response (
    id TEXT PRIMARY KEY, at INTEGER NOT NULL, score INTEGER NOT NULL, comment TEXT
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS total (
    day INTEGER NOT NULL, score INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, score)
  ) WITHOUT ROWID;
  CREATE TRIGGER IF NOT EXISTS counted AFTER INSERT ON response BEGIN
    INSERT INTO total VALUES (new.at / 86400000, new.score, 1)
      ON CONFLICT DO UPDATE SET count = count + 1;
  END`;

export class Site extends DurableObject {
  constructor(state, env) {
    super(state, env);
    this.sql = state.storage.sql;
    this.sql.exec(SCHEMA);
  }

  async fetch(request) {
    if (request.method === "GET") return Response.json(this.score());
    const { id, score, comment } = await request.json();
    const insert = "INSERT INTO response VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
    this.sql.exec(insert, id, Date.now(), score, comment ?? null);
    return Response.json({ results: [{ id, status: "stored" }] });
  }

  score() {
    const distribution = new Array(11).fill(0);
    for (const { score, count } of this.sql.exec("SELECT score, sum(count) AS count FROM total GROUP BY score")) {
      distribution[score] = count;
    }
    const sum = (from, to) => distribution.slice(from, to).reduce((all, count) => all + count, 0);
    const [detractors, passives, promoters] = [sum(0, 7), sum(7, 9), sum(9, 11)];
    const scored = detractors + passives + promoters;
    const score = scored ? ((promoters - detractors) / scored) * 100 : null;
    return { score, scored, counts: { detractors, passives, promoters }, distribution };
  }
}

const isMessage = ({ id, score }) =>
  typeof id === "string" && id.length === 36 && Number.isInteger(score) && score >= 0 && score <= 10;

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/healthz") return Response.json({ status: "ok" });
    const site = env.SITES.getByName("site");
    if (request.method === "GET") return site.fetch("https://site/");
    const message = JSON.parse(await request.text());
    if (!isMessage(message)) return Response.json({ title: "invalid" }, { status: 400 });
    return site.fetch("https://site/", { method: "POST", body: JSON.stringify(message) });
  },
};
