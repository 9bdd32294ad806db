// @ts-check
// The naive design in Node, for the benchmark: each request opens the database, reads, writes,
// commits and closes it; every question reads the table of users. Usage: server.mjs PORT FOLDER
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import Database from 'libsql';

const [port, folder = ''] = process.argv.slice(2);
const DAY_MS = 24 * 60 * 60 * 1000;
const file = join(folder, 'user_stats.db');

mkdirSync(folder, { recursive: true });
withDatabase((db) => {
  db.exec('PRAGMA journal_mode = WAL');
  db.exec(`CREATE TABLE IF NOT EXISTS user_stats(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    anonymous_id TEXT UNIQUE NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    os TEXT,
    version TEXT,
    total_reports INTEGER DEFAULT 1
  )`);
});

createServer((request, response) => {
  answer(request)
    .then((body) => response.setHeader('content-type', 'application/json').end(body))
    .catch((error) => {
      response.statusCode = 500;
      response.end(String(error));
    });
}).listen(Number(port), '127.0.0.1');

/** @param {import('node:http').IncomingMessage} request */
async function answer(request) {
  if (request.method !== 'POST') return JSON.stringify(withDatabase(summarize));
  const body = /** @type {any} */ (await json(request));
  withDatabase((db) => take(db, body.reports ?? [body]));
  return '{"status":"success","message":"received"}';
}

/** @template T @param {(db: Database.Database) => T} work @returns {T} */
function withDatabase(work) {
  const db = new Database(file);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** @param {Database.Database} db @param {readonly any[]} reports */
function take(db, reports) {
  const now = new Date().toISOString();
  db.exec('BEGIN IMMEDIATE');
  const find = db.prepare('SELECT total_reports FROM user_stats WHERE anonymous_id = ?');
  const add = db.prepare(
    'INSERT INTO user_stats(anonymous_id, first_seen, last_seen, os, version) VALUES (?, ?, ?, ?, ?)',
  );
  const change = db.prepare(
    `UPDATE user_stats SET last_seen = ?, os = ?, version = ?, total_reports = total_reports + 1
     WHERE anonymous_id = ?`,
  );
  for (const { anonymous_id: id, info } of reports) {
    if (find.get([id]) === undefined) add.run([id, now, now, info.os, info.version]);
    else change.run([now, info.os, info.version, id]);
  }
  db.exec('COMMIT');
}

/** @param {Database.Database} db */
function summarize(db) {
  const today = new Date().setUTCHours(0, 0, 0, 0);
  /** @param {number} at */
  const since = (at) =>
    db
      .prepare('SELECT COUNT(*) FROM user_stats WHERE last_seen >= ?')
      .pluck()
      .all([new Date(at).toISOString()])[0];
  /** @param {'os' | 'version'} column */
  const distribution = (column) =>
    Object.fromEntries(
      /** @type {[string, number][]} */ (
        db.prepare(`SELECT ${column}, COUNT(*) FROM user_stats GROUP BY ${column}`).raw().all()
      ),
    );
  return {
    total_users: db.prepare('SELECT COUNT(*) FROM user_stats').pluck().all()[0],
    daily_active_users: since(today),
    weekly_active_users: since(today - 6 * DAY_MS),
    os_distribution: distribution('os'),
    version_distribution: distribution('version'),
    last_updated: new Date().toISOString(),
  };
}
