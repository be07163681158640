"""A program that uses the embedded server: reads orders from standard input, answers in JSON, one a line.

Run by ``embedded_people`` under the account of the person whose program it plays.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from tieout.database import embedded


class Program:
    """One program with one data directory."""

    def __init__(self, data_directory: Path) -> None:
        self.data_directory = data_directory
        self.server: embedded.Server | None = None

    def start(self, *, durable: bool = False) -> Any:
        """Start or join the server; the answer tells how long it took."""
        begun = time.perf_counter()
        self.server = embedded.start(data_directory=self.data_directory, durable=durable)
        return time.perf_counter() - begun

    def stop(self) -> None:
        """Leave the server without ending."""
        if self.server is not None:
            self.server.stop()

    def status(self) -> Any:
        """Return what ``status`` says."""
        found = embedded.status(data_directory=self.data_directory)
        return {
            "running": found.running,
            "version": found.version,
            "pid": found.pid,
            "users": found.users,
            "data": str(found.data),
            "host": found.address.host,
        }

    def sql(self, statement: str, database: str = "operations", host: str | None = None) -> Any:
        """Run a statement through the server's address (or another socket) and return its rows."""
        address = embedded.address(data_directory=self.data_directory)
        with psycopg.connect(
            host=host or address.host, port=address.port, user=address.user, dbname=database, autocommit=True
        ) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def remove(self, directory: str | None = None) -> None:
        """Stop the server and delete its files."""
        embedded.remove(data_directory=Path(directory) if directory else self.data_directory)

    def fork(self) -> Any:
        """Leave a forked child behind, which ends when it is killed."""
        child = os.fork()
        if child == 0:
            os.close(0)
            os.close(1)
            time.sleep(120)
            os._exit(0)
        return child


def main() -> None:
    """Answer each order ``[verb, arguments]`` with ``{"is": ...}`` or ``{"error": ..., "kind": ...}``."""
    program = Program(Path(sys.argv[1]))
    for line in sys.stdin:
        verb, arguments = json.loads(line)
        try:
            answer = {"is": getattr(program, verb)(**arguments)}
        except Exception as error:  # noqa: BLE001 - the test judges it
            answer = {"error": str(error), "kind": type(error).__name__}
        sys.stdout.write(json.dumps(answer, default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
