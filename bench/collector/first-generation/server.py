"""The design of the first generation's collector, written anew for the benchmark.

FastAPI on uvicorn; each report opens the database, looks its user up, writes, commits and closes;
every question reads the table of users.  Usage: server.py PORT FOLDER
"""

import sqlite3
import sys
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Dict

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

PORT, FOLDER = int(sys.argv[1]), Path(sys.argv[2])
DATABASE = FOLDER / "user_stats.db"
app = FastAPI()


class Report(BaseModel):
    anonymous_id: str
    timestamp: str
    project: str
    info: Dict[str, Any]


def connect() -> sqlite3.Connection:
    return sqlite3.connect(DATABASE, timeout=30)


def prepare() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with closing(connect()) as connection, connection:
        connection.execute(
            """
            CREATE TABLE IF NOT EXISTS user_stats(
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                anonymous_id TEXT UNIQUE NOT NULL,
                first_seen DATETIME DEFAULT CURRENT_TIMESTAMP,
                last_seen DATETIME DEFAULT CURRENT_TIMESTAMP,
                os TEXT,
                version TEXT,
                total_reports INTEGER DEFAULT 1
            )
            """
        )


@app.post("/statistics")
async def receive(report: Report) -> Dict[str, str]:
    now = datetime.now().isoformat(" ", "seconds")
    system = report.info.get("os", "unknown")
    version = report.info.get("version", "unknown")
    with closing(connect()) as connection, connection:
        found = connection.execute(
            "SELECT total_reports FROM user_stats WHERE anonymous_id = ?", (report.anonymous_id,)
        ).fetchone()
        if found is None:
            connection.execute(
                "INSERT INTO user_stats(anonymous_id, first_seen, last_seen, os, version)"
                " VALUES (?, ?, ?, ?, ?)",
                (report.anonymous_id, now, now, system, version),
            )
        else:
            connection.execute(
                "UPDATE user_stats SET last_seen = ?, os = ?, version = ?,"
                " total_reports = total_reports + 1 WHERE anonymous_id = ?",
                (now, system, version, report.anonymous_id),
            )
    return {"status": "success", "message": "received"}


@app.get("/stats")
async def stats() -> Dict[str, Any]:
    today = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
    week = today - timedelta(days=6)
    since = "SELECT COUNT(*) FROM user_stats WHERE last_seen >= ?"
    with closing(connect()) as connection:

        def number(sql: str, *values: Any) -> int:
            return connection.execute(sql, values).fetchone()[0]

        def distribution(column: str) -> Dict[str, int]:
            rows = connection.execute(f"SELECT {column}, COUNT(*) FROM user_stats GROUP BY {column}")
            return dict(rows.fetchall())

        return {
            "total_users": number("SELECT COUNT(*) FROM user_stats"),
            "daily_active_users": number(since, today.isoformat(" ", "seconds")),
            "weekly_active_users": number(since, week.isoformat(" ", "seconds")),
            "os_distribution": distribution("os"),
            "version_distribution": distribution("version"),
            "last_updated": datetime.now().isoformat(),
        }


if __name__ == "__main__":
    prepare()
    uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="warning", access_log=False)
