"""Throws generated operations at the whole API, and fails at any answer that is the server's fault.

    api.py PROGRAM [REQUESTS]

Starts `plenum serve --demo` on a data directory of its own and sends what schemathesis generates from the schema until
there were so many (10,000): in turn signed in as the administrator and as nobody. Answers come as
application/graphql-response+json, so that an internal error is a 500 and not a 200 with an error in it. Run by a Python
that has schemathesis. The last line is one JSON object: how many requests, how many failures.
"""

import collections
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.graphql import nodes

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "web/schema.graphql"
HEADERS = {"accept": "application/graphql-response+json", "x-plenum-tenant": "federation"}
PASSWORD = "plenum-demo-2026"
# They end the session that the rest needs; rounds as nobody call them too.
ENDING = {"signOut", "endWebSession", "endOtherWebSessions", "changePassword"}
# So many operations of each root field in a round.
EXAMPLES = 16
# What weighs is done for ten minutes after signing in only.
FRESH_S = 300
# So many faults are told; each field has its own.
TOLD = 20


class Server:
    """A running demonstration."""

    def __init__(self, program, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("PLENUM_") and name != "DATABASE_URL"
        }
        environment.update(PLENUM_DATA_DIR=folder, PLENUM_LISTEN=f"127.0.0.1:{port}", PLENUM_API_RATE="0")
        self.said = []
        self.ready = threading.Event()
        self.child = subprocess.Popen(
            [program, "serve", "--demo"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self.listen, daemon=True).start()
        if not self.ready.wait(300) or self.child.poll() is not None:
            raise SystemExit("plenum did not start:\n" + "".join(self.said))

    def listen(self):
        for line in self.child.stderr:
            self.said.append(line)
            if "ready at" in line:
                self.ready.set()
            elif self.ready.is_set() and " ERROR " in line:
                sys.stderr.write(line)
        self.ready.set()

    def errors(self):
        return sum(" ERROR " in line for line in self.said)

    def stop(self):
        self.child.send_signal(2)
        self.child.wait(60)


class Caller:
    """Sends operations, as the administrator or as nobody, and counts what comes back."""

    def __init__(self, server):
        self.server = server
        self.url = f"{server.url}/graphql"
        self.session = requests.Session()
        self.signed_in_at = None
        self.statuses = collections.Counter()
        self.faults = {}

    def become(self, somebody):
        """Signs in, when that was long ago, or forgets who it was."""
        now = time.monotonic()
        if not somebody:
            self.session.cookies.clear()
            self.signed_in_at = None
        elif self.signed_in_at is None or now - self.signed_in_at > FRESH_S:
            query = "mutation($input: SignInInput!) { signIn(input: $input) { status } }"
            person = {"email": "admin@plenum.example", "password": PASSWORD}
            answer = self.session.post(
                self.url, json={"query": query, "variables": {"input": person}}, headers=HEADERS, timeout=60
            )
            if answer.json()["data"]["signIn"]["status"] != "OK":
                raise SystemExit(f"could not sign in: {answer.text}")
            self.signed_in_at = now

    def send(self, field, query):
        """Sends an operation, and keeps the first answer of each field that is the server's fault."""
        try:
            answer = self.session.post(self.url, json={"query": query}, headers=HEADERS, timeout=60)
            status, text = answer.status_code, answer.text
        except requests.RequestException as error:
            status, text = 599, str(error)
        self.statuses[status] += 1
        if status >= 500 and field not in self.faults:
            self.faults[field] = (status, text[:300], query[:2_000])


def one_round(operations, caller, number, signed_in):
    """Every root field, each so many times."""
    for operation in operations:
        field = operation.label.split(".")[-1]
        if signed_in and field in ENDING:
            continue
        caller.become(signed_in)

        @seed(number)
        @settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def throw(case):
            caller.send(operation.label, case.body)

        throw()


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    date = st.dates().map(lambda day: nodes.String(day.isoformat()))
    for name in ("Date", "NaiveDate"):
        schemathesis.graphql.scalar(name, date)
    moments = st.datetimes().map(lambda moment: nodes.String(moment.isoformat() + "Z"))
    schemathesis.graphql.scalar("DateTime", moments)
    found = schemathesis.graphql.from_path(str(SCHEMA)).get_all_operations()
    operations = [operation.ok() for operation in found]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="plenum-fuzz-"))
    # The database's user must be able to reach it.
    folder.chmod(0o755)
    began = time.monotonic()
    server = Server(program, str(folder / "data"))
    caller = Caller(server)
    rounds = 0
    try:
        # Every third round is as nobody.
        while sum(caller.statuses.values()) < wanted:
            rounds += 1
            one_round(operations, caller, rounds, rounds % 3 != 0)
            print(f"round {rounds}: {dict(caller.statuses)}", file=sys.stderr)
        alive = server.child.poll() is None
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    for field, (status, text, query) in list(caller.faults.items())[:TOLD]:
        print(f"{field}: {status}: {text}\n{query}\n", file=sys.stderr)
    failures = sum(count for status, count in caller.statuses.items() if status >= 500)
    print(json.dumps({
        "requests": sum(caller.statuses.values()),
        "fields": len(operations),
        "rounds": rounds,
        "statuses": {str(status): count for status, count in sorted(caller.statuses.items())},
        "failures": failures + (not alive),
        "errors_in_the_log": server.errors(),
        "seconds": round(time.monotonic() - began),
    }))
    return 0 if failures == 0 and alive else 1


if __name__ == "__main__":
    sys.exit(main())
