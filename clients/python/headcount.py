"""Headcount for Python 3.8 and later: one report a day, without a word. Standard library alone. MIT licence.

    import headcount
    headcount.start("acme-app", "2.3.1", "https://stats.acme.dev")

``start()`` reports in a process of its own, which outlives a short program, and again on each day that a long one
runs; ``report()`` waits for it, 3 seconds at most. Neither raises or prints. What is sent, and when:
https://github.com/headcount-dev/headcount/blob/main/docs/protocol.md

A program that used the first generation's ``usage_statistics`` names itself below and changes one import:

    from headcount import report_user_count
"""
import contextlib
import datetime
import functools
import hashlib
import hmac
import json
import os
import platform
import re
import secrets
import stat
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

PROJECT = ""
VERSION = "unknown"
ENDPOINT = ""

_TIMEOUT_S = 3
_WAIT_S = 600
_LOOK_EVERY_S = 1800
_DAY_S = 86400
_CI = (
    "TF_BUILD:azure-pipelines BUILDKITE:buildkite CIRCLECI:circleci GITHUB_ACTIONS:github-actions GITLAB_CI:gitlab-ci "
    "JENKINS_URL:jenkins TEAMCITY_VERSION:teamcity TRAVIS:travis-ci CI BUILD_ID BUILD_NUMBER CI_APP_ID CI_BUILD_ID "
    "CI_BUILD_NUMBER CI_NAME CONTINUOUS_INTEGRATION RUN_ID"
).split()
_LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}|::1")
_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_STORED = re.compile(r"([0-9a-f]{16}) (machine|time|copied)( [0-9a-f]{16})?")
_DRAFT = re.compile(r"(anonymous-id|owner-secret|app\.json|wait|retired|collector\.[0-9a-f]{16}|day\.\d{4}-\d\d-\d\d)\.[0-9a-f]{16}")
_FILE = os.path.abspath(__file__)
_ARCH = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "i386": "ia32", "i686": "ia32", "x86": "ia32"}


def start(project, version, endpoint, channel=None):
    """Reports in the background, and again on each day that the program still runs.

    The first report is sent by a process of its own, as this program may end at once. Where there is no Python
    interpreter to start (a frozen program, an embedded one), a thread sends it: a short program calls report().
    """
    app = (project, version, endpoint, channel)
    child = _start_child(app)

    def run():
        if child is None:
            _quietly(*app)
        else:
            child.wait()  # or it would stay in the table of processes
        while True:
            time.sleep(_LOOK_EVERY_S)
            _quietly(*app)

    _spawn(run)


def report(project, version, endpoint, channel=None):
    """Reports, and waits for it 3 seconds at most. Returns whether the day's report is delivered."""
    done = []
    thread = _spawn(lambda: done.append(_quietly(project, version, endpoint, channel)))
    if thread is not None:
        thread.join(_TIMEOUT_S)
    return done == [True]


async def report_user_count(project="", version="", endpoint=""):
    """What the first generation's module of that name did. Returns whether the day's report is delivered."""
    import asyncio

    call = functools.partial(report, project or PROJECT, version or VERSION, endpoint or ENDPOINT)
    return await asyncio.get_running_loop().run_in_executor(None, call)


def get_anonymous_id(project=""):
    """This install's ID, as in the first generation; an empty text before the first report."""
    try:
        config, _ = _folders(project or PROJECT)
        found = _STORED.fullmatch(_read(config, "anonymous-id"))
        return found.group(1) if found else ""
    except Exception:
        return ""


def _start_child(app):
    """Starts this file as a program, if there is something to report. None if that cannot be."""
    try:
        is_python = re.fullmatch(r"(python|pypy)[\d.]*t?w?(\.exe)?", os.path.basename(sys.executable or "").lower())
        if not is_python or getattr(sys, "frozen", False) or not os.path.isfile(_FILE) or not _due(*app[:2]):
            return None
        words = ["" if each is None else str(each) for each in app]
        quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        if os.name == "nt":
            quiet["creationflags"] = 0x08000200  # no window, and none of the console's signals
        return subprocess.Popen([sys.executable, "-ISB", _FILE] + words, cwd="/", start_new_session=True, **quiet)
    except Exception:
        return None


def _spawn(run):
    try:
        thread = threading.Thread(target=run, name="headcount", daemon=True)
        thread.start()
        return thread
    except RuntimeError:
        return None  # no more threads


def _quietly(*app):
    try:
        return _report(*app)
    except Exception:
        return False  # a program never fails because of its telemetry


def _due(project, version):
    """Whether there may be something to send. Changes nothing."""
    if not re.fullmatch(r"[ -~]{1,214}", project) or _is_off(project):
        return False
    config, state = _folders(project)
    _level(config)
    is_over = _read(state, "retired") == (version or "unknown")[:64] or _must_wait(_read(state, "wait"))
    return not is_over and _read(state, _today()) != ""


def _report(project, version, endpoint, channel):
    if not re.fullmatch(r"[ -~]{1,214}", project) or _is_off(project):
        return False
    config, state = _folders(project)
    level = _level(config)
    url, origin, is_batch = _endpoint(endpoint)
    version = (version or "unknown")[:64]
    for folder in (config, state):
        os.makedirs(folder, mode=0o700, exist_ok=True)
        _check_own(folder, os.lstat(folder))
    day = _today()
    if _read(state, "retired") == version or _must_wait(_read(state, "wait")):
        return False
    if _read(state, day) == "":
        return True
    identity = _identity(config, project, origin)
    _add(state, "app.json", _json(_app(project, version, endpoint)))
    collector = "collector." + hashlib.sha256(endpoint.encode()).hexdigest()[:16]
    if _read(state, collector) != endpoint:
        _put(state, collector, endpoint)
    if not _read(state, "app.json"):
        return False
    text = _take(state, day, identity, _new_report(identity, project, version, channel, level))
    if text is None or _is_off(project):
        return False
    _level(config)
    meaning, after = _send(url, is_batch, text)
    if meaning == "retired":
        _put(state, "retired", version)
    if meaning != "failure":
        _put(state, day, "")
    elif after > _WAIT_S:
        _put(state, "wait", str(int(time.time()) + min(after, _DAY_S)))
    for name in os.listdir(state):
        if re.fullmatch(r"day\.\d{4}-\d\d-\d\d|claim\.\d+", name) and name != day:
            _remove(os.path.join(state, name))
    for folder in (config, state):
        for name in os.listdir(folder):
            if _DRAFT.fullmatch(name) and time.time() - os.lstat(os.path.join(folder, name)).st_mtime > _WAIT_S:
                _remove(os.path.join(folder, name))
    return meaning == "acknowledged"


# 1. Consent


def _is_off(project):
    name = re.sub("[^A-Z0-9]+", "_", project.upper()).strip("_")
    name = "APP_" + name if name[:1].isdigit() else name
    env = os.environ
    for variable in ("DO_NOT_TRACK", "HEADCOUNT_DISABLED", name + "_TELEMETRY_DISABLED"):
        if env.get(variable, "").strip(" \t\r\n").lower() not in ("", "0", "false", "off", "no"):
            return True
    others = ("HEADCOUNT_CHILD", "SUDO_UID", "SUDO_USER", "PKEXEC_UID", "DOAS_USER")
    # Test runners: pytest says so to the program, and to what it starts.
    return any(each in env for each in others) or "PYTEST_CURRENT_TEST" in env or "pytest" in sys.modules


def _level(config):
    for folder in (config, os.path.join(os.path.dirname(config), "_all")):
        text = _read(folder, "choice", is_strict=True)
        if text is not None:
            word = json.loads(text)["telemetry"]
            if word not in ("on", "basic"):
                raise PermissionError("The person said no.")
            return "basic" if word == "basic" else "full"
    return "full"


# 2. Files


def _folders(project):
    home = os.path.expanduser("~") if os.name == "nt" else os.environ.get("HOME", "")
    if not os.path.isabs(home):
        raise FileNotFoundError("There is no home.")
    _check_own(home, os.stat(home))
    config, state = os.environ.get("XDG_CONFIG_HOME", ""), os.environ.get("XDG_DATA_HOME", "")
    config = config if os.path.isabs(config) else os.path.join(home, ".config")
    state = state if os.path.isabs(state) else os.path.join(home, ".local", "share")
    if sys.platform == "darwin":
        config, state = home + "/Library/Preferences", home + "/Library/Application Support"
    folder = project
    if not _PLAIN.fullmatch(project) or len(project) > 64 or _DEVICE.fullmatch(project):
        readable = re.sub("[^a-z0-9]+", "-", project.lower()).lstrip("-")[:40].rstrip("-")
        folder = (readable or "project") + "+" + hashlib.sha256(project.encode()).hexdigest()[:12]
    return os.path.join(config, "headcount", folder), os.path.join(state, "headcount", folder)


def _check_own(path, found):
    if stat.S_ISLNK(found.st_mode) or hasattr(os, "geteuid") and found.st_uid != os.geteuid():
        raise PermissionError(path + " is not this account's")


def _read(folder, name, is_strict=False):
    """The text of a file of this account's. None if there is none; a strict one raises for what cannot be read."""
    path = os.path.join(folder, name)
    try:
        found = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        _check_own(path, found)
        if not stat.S_ISREG(found.st_mode):
            raise PermissionError(path + " is no file")
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except (OSError, ValueError):
        if is_strict:
            raise
        return None


def _draft(folder, name, text):
    path = os.path.join(folder, "%s.%s" % (name, secrets.token_hex(8)))
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n" if text else "")
    return path


def _put(folder, name, text):
    os.replace(_draft(folder, name, text), os.path.join(folder, name))


def _add(folder, name, text):
    """Creates a file in one step. Returns whether there was none."""
    draft, path = _draft(folder, name, text), os.path.join(folder, name)
    try:
        os.link(draft, path)
        return True
    except FileExistsError:
        return False
    except OSError:  # a disk without hard links
        if not os.path.lexists(path):
            os.replace(draft, path)
            return True
        return False
    finally:
        if os.path.lexists(draft):
            os.unlink(draft)


def _remove(path):
    with contextlib.suppress(FileNotFoundError):  # another process was first
        os.unlink(path)


# 3. The ID


def _ci():
    if os.environ.get("CI") == "false":
        return None
    for entry in _CI:
        variable, _, system = entry.partition(":")
        if os.environ.get(variable) and (system != "jenkins" or os.environ.get("BUILD_ID")):
            return system or "unknown"
    return None


def _identity(config, project, origin):
    given, ci = os.environ.get("HEADCOUNT_ANONYMOUS_ID", ""), _ci()
    if re.fullmatch("[0-9a-f]{16}", given):
        return {"anonymous_id": given, "id_source": "given", "id_persisted": True, "ci": ci}
    if ci:
        return {"anonymous_id": "ci-" + ci, "id_source": "ci", "id_persisted": False, "ci": ci}
    make = lambda: secrets.token_hex(8) + " time"
    found = _STORED.fullmatch(_kept(config, "anonymous-id", _STORED, make))
    secret = bytes.fromhex(_kept(config, "owner-secret", re.compile("[0-9a-f]{64}"), lambda: secrets.token_hex(32)))
    proof = hmac.new(secret, (origin + "\n" + project).encode(), hashlib.sha256).hexdigest()
    owner = hashlib.sha256(proof.encode()).hexdigest()[:32]
    return {"anonymous_id": found.group(1), "owner": owner, "id_source": found.group(2), "id_persisted": True, "ci": None}


def _kept(folder, name, pattern, make):
    was_there = os.path.lexists(os.path.join(folder, name))  # asked first: what comes meanwhile stays
    text = _read(folder, name)
    if text is None or not pattern.fullmatch(text):
        if was_there:
            os.unlink(os.path.join(folder, name))
        _add(folder, name, make())
        text = _read(folder, name)  # only what the next run finds counts
    if text is None or not pattern.fullmatch(text):
        raise OSError(name + " cannot be kept")
    return text


# 4. The day marker


def _today():
    return time.strftime("day.%Y-%m-%d", time.gmtime())


def _must_wait(text):
    if text is None or not re.fullmatch(r"\d{1,11}", text):
        return False
    return 0 < int(text) - time.time() <= _DAY_S


def _take(state, day, identity, report):
    """Returns what to send now, if anything. One process at a time decides; it raises in the others."""
    slot = int(time.time()) // _WAIT_S
    claim, *others = (os.path.join(state, "claim.%d" % each) for each in (slot, slot - 1, slot + 1))
    os.close(os.open(claim, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        text = _read(state, day)
        if any(os.path.lexists(each) for each in others) or text == "" or _must_wait(_read(state, "wait")):
            return None
        if text is None:
            text = report
            if not _add(state, day, text):
                return None
        elif _json({key: identity[key] for key in ("anonymous_id", "owner") if key in identity})[1:-1] + ',"timestamp"' not in text:
            _put(state, day, "")
            return None
        _put(state, "wait", str(int(time.time()) + _WAIT_S))
        return text
    finally:
        _remove(claim)


# 5. The report


def _new_report(identity, project, version, channel, level):
    now = time.time()
    digits = "%012x" % int(now * 1000) + secrets.token_hex(10)
    variant = "89ab"[int(digits[-1], 16) & 3]
    parts = (digits[:8], digits[8:12], "7" + digits[12:15], variant + digits[15:18], digits[18:30])
    moment = datetime.datetime.fromtimestamp(now, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    arch = platform.machine()
    value = {"report_id": "-".join(parts), "anonymous_id": identity["anonymous_id"]}
    if "owner" in identity:
        value["owner"] = identity["owner"]
    value.update(timestamp=moment, project=project, event="startup")
    value["info"] = {
        "os": platform.system() or "unknown",
        "arch": _ARCH.get(arch.lower(), arch),
        "version": version,
        "runtime": "python",
        "id_source": identity["id_source"],
        "id_persisted": identity["id_persisted"],
        "ci": identity["ci"],
        "channel": channel if re.fullmatch("[a-z]+", channel or "") else None,
        "level": level,
    }
    return _json(value)


def _json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _app(project, version, endpoint):
    """What the `headcount` command needs to know, to show and delete what was sent."""
    more = {"mode": "on", "notice": "none", "events": "", "inCode": True}
    return dict(project=project, version=version, endpoint=endpoint, **more)


def _endpoint(text):
    url = urllib.parse.urlsplit(text)
    host = url.hostname or ""
    is_safe = url.scheme == "https" or url.scheme == "http" and _LOOPBACK.fullmatch(host)
    if not is_safe or not host or "@" in url.netloc:
        raise ValueError("The endpoint is refused.")
    own_port = {"https": 443, "http": 80}[url.scheme]
    origin = "%s://%s" % (url.scheme, "[%s]" % host if ":" in host else host)
    if url.port not in (None, own_port):
        origin += ":%d" % url.port
    path = url.path if url.path not in ("", "/") or url.query else "/v1/reports"
    full = urllib.parse.urlunsplit((url.scheme, url.netloc, path or "/", url.query, ""))
    return full, origin, path.endswith("/v1/reports")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def _send(url, is_batch, text):
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = '{"sent_at":"%s","reports":[%s]}' % (now, text) if is_batch else text
    headers = {"Content-Type": "application/json", "User-Agent": "headcount-python/1"}
    request = urllib.request.Request(url, body.encode(), headers)
    handlers = [_NoRedirect]
    if _LOOPBACK.fullmatch(urllib.parse.urlsplit(url).hostname or ""):
        handlers.append(urllib.request.ProxyHandler({}))  # no proxy leads to this machine
    try:
        try:
            answer = urllib.request.build_opener(*handlers).open(request, timeout=_TIMEOUT_S)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            content = answer.read(131073)
            head = answer.headers
            return _meaning(answer.code, head.get("Content-Type", ""), content, is_batch), _after(head.get("Retry-After"))
    except (OSError, ValueError):
        return "failure", 0


# 6. The answer


def _meaning(status, kind, content, is_batch):
    try:
        said = json.loads(content.decode()) if content.strip() else None
        is_json = len(content) <= 131072 and bool(content.strip())
    except ValueError:
        said, is_json = None, False
    kind = kind.lower().strip()
    if 200 <= status <= 299:
        is_page = is_batch and re.match(r"text/html\b", kind)
        return "acknowledged" if not content.strip() or is_json and not is_page else "failure"
    told = said if isinstance(said, dict) else {}
    is_problem = (
        re.match(r"application/problem\+json\s*(;|$)", kind)
        and str(told.get("type", "")).startswith("urn:headcount:problem:")
        and told.get("status") == status
    )
    if status == 410 and is_problem:
        return "retired"
    if not 400 <= status <= 499 or status in (407, 408, 425, 429):
        return "failure"
    return "refused" if is_problem or not is_batch and isinstance(said, dict) else "failure"


def _after(text):
    text = (text or "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", text):
        return int(float(text))
    try:
        from email.utils import parsedate_to_datetime

        moment = parsedate_to_datetime(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc)
        return int(moment.timestamp() - time.time())
    except (TypeError, ValueError, IndexError):
        return 0


if __name__ == "__main__":
    report(*sys.argv[1:5])
