"""Opens a page of `dunderlint graph --format html` in Chromium and uses it.

    python3 tests/graph/browser.py CHROMIUM PAGE [SCREENSHOT [WIDTHxHEIGHT [dark]]]

The variable VIEW chooses what a screenshot shows: the number of a group, from 0.

Chromium is spoken to through a pipe, in its DevTools protocol: nothing but Python is needed. It
fails if the page does not load, does not change where it should, complains in the console, or
fetches anything. With a screenshot, it is only looked at.
"""

import base64
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

# A browser that takes longer hangs.
SECONDS = 60


class Browser:
    """A Chromium without a window, and one page in it."""

    def __init__(self, chromium, profile, size, dark):
        ours, theirs = os.pipe(), os.pipe()
        arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-first-run",
            "--hide-scrollbars",
            f"--window-size={size.replace('x', ',')}",
            f"--user-data-dir={profile}",
            "--remote-debugging-pipe",
            "about:blank",
        ]

        def pipes():
            # It reads from 3 and writes to 4.
            read, write = os.dup(ours[0]), os.dup(theirs[1])
            os.dup2(read, 3)
            os.dup2(write, 4)

        self.process = subprocess.Popen(
            [chromium, *arguments],
            preexec_fn=pipes,
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(ours[0])
        os.close(theirs[1])
        self.write, self.read = ours[1], os.fdopen(theirs[0], "rb")
        self.number, self.events, self.rest, self.session = 0, [], b"", None
        targets = self.ask("Target.getTargets")["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        attached = self.ask("Target.attachToTarget", targetId=page["targetId"], flatten=True)
        self.session = attached["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.ask(f"{domain}.enable")
        if dark:
            feature = {"name": "prefers-color-scheme", "value": "dark"}
            self.ask("Emulation.setEmulatedMedia", features=[feature])

    def ask(self, method, **parameters):
        """Calls a method and waits for its answer; what else is told meanwhile is kept."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while True:
            told = self.next()
            if told.get("id") == self.number:
                if "error" in told:
                    raise SystemExit(f"{method}: {told['error']}")
                return told["result"]
            self.events.append(told)

    def next(self):
        while b"\0" not in self.rest:
            more = self.read.read1(1 << 20)
            if not more:
                raise SystemExit("Chromium has gone away")
            self.rest += more
        told, self.rest = self.rest.split(b"\0", 1)
        return json.loads(told)

    def open(self, url):
        self.ask("Page.navigate", url=url)
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(self.next())

    def run(self, expression):
        """The value of an expression in the page."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise SystemExit(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def key(self, key, code=0):
        for kind in ["keyDown", "keyUp"]:
            text = {"text": "\r"} if key == "Enter" and kind == "keyDown" else {}
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **text)

    def settle(self):
        self.run("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)))")

    def complaints(self, url):
        """What the console says, and what was fetched."""
        found = []
        for event in self.events:
            parameters = event.get("params", {})
            method = event["method"]
            if method == "Runtime.exceptionThrown":
                found.append(f"exception: {parameters['exceptionDetails']}")
            elif method == "Runtime.consoleAPICalled":
                found.append(f"console: {parameters['args']}")
            elif method == "Log.entryAdded":
                found.append(f"log: {parameters['entry']['text']}")
            elif method == "Network.requestWillBeSent":
                asked = parameters["request"]["url"]
                if asked.split("#")[0] != url and not asked.startswith("data:"):
                    found.append(f"fetched: {asked}")
        return found


def check(is_so, what):
    if not is_so:
        raise SystemExit(f"not so: {what}")


def use(browser):
    """What a person does with a page that has groups."""
    run = browser.run
    views = run("JSON.parse(document.getElementById('data').textContent).views.length")
    check(views >= 2, "there is something to choose from")
    buttons = "document.querySelectorAll('nav button')"
    check(run(f"{buttons}.length") == views, "each view can be chosen")
    check(run("document.querySelectorAll('table tbody tr').length") > 0, "imports are listed")
    look = "[drawing.innerHTML, imports.innerHTML, document.getElementById('name').textContent].join()"
    before = run(look)
    # With the keyboard alone.
    run(f"{buttons}[0].focus()")
    browser.key("ArrowDown", 40)
    browser.key("Enter", 13)
    browser.settle()
    check(run(f"{buttons}[1].getAttribute('aria-current')") == "true", "the second view is chosen")
    check(run(look) != before, "the drawing and the table change")
    drawn = "document.querySelectorAll('#drawing [data-link]').length"
    links = run("JSON.parse(document.getElementById('data').textContent).views[1].links.length")
    check(run(drawn) == links, "each link is drawn")
    # A node, with the keyboard too.
    rows = "document.querySelectorAll('table tbody tr').length"
    all_rows = run(rows)
    run("document.querySelector('#drawing [data-node][tabindex]').focus()")
    browser.key("Enter", 13)
    browser.settle()
    check(run("document.querySelectorAll('#drawing .is-chosen').length") > 0, "a node is chosen")
    check(0 < run(rows) <= all_rows, "its imports are listed")
    check(not run("document.getElementById('clear').hidden"), "the choice can be taken back")
    browser.key("Escape", 27)
    browser.settle()
    check(run(rows) == all_rows, "Escape takes the choice back")
    # The other picture, and back.
    picture = "document.getElementById('drawing').innerHTML"
    first = run(picture)
    if not run("document.getElementById('other').hidden"):
        run("document.getElementById('other').click()")
        check(run(picture) != first, "it can be shown as a matrix")
        check(run(drawn) == links, "each link is in the matrix")
        run("document.getElementById('other').click()")
        check(run(picture) == first, "it can be shown as a drawing")
    # A link, with the mouse.
    run("document.querySelector('#drawing .hit, #drawing .cell').dispatchEvent(new MouseEvent('click'))")
    check(0 < run(rows) <= all_rows, "the imports of a link are listed")
    run("document.getElementById('clear').click()")
    run("const field = document.getElementById('find'); field.value = 'no such thing'; field.dispatchEvent(new Event('input'))")
    check(run(rows) == 0, "what is not there is not found")
    run("field.value = ''; field.dispatchEvent(new Event('input'))")
    run("document.querySelectorAll('#columns button')[5].click()")
    check(run("document.querySelectorAll('#columns th')[5].getAttribute('aria-sort')") == "ascending", "the table can be sorted")
    check(run("document.scripts.length") == 2, "names of modules make no elements")
    check(run("document.documentElement.scrollWidth <= innerWidth"), "the page is not wider than the window")


def main():
    chromium, page, *rest = sys.argv[1:]
    signal.signal(signal.SIGALRM, lambda *_: sys.exit("it takes too long"))
    signal.alarm(SECONDS)
    url = pathlib.Path(page).resolve().as_uri()
    size = rest[1] if len(rest) > 1 else "1280x900"
    profile = tempfile.mkdtemp()
    browser = Browser(chromium, profile, size, "dark" in rest)
    try:
        browser.open(url + (f"#{os.environ['VIEW']}" if "VIEW" in os.environ else ""))
        browser.settle()
        if rest:
            picture = browser.ask("Page.captureScreenshot", format="png")["data"]
            pathlib.Path(rest[0]).write_bytes(base64.b64decode(picture))
        else:
            use(browser)
        browser.settle()
        found = browser.complaints(url)
        check(not found, "\n".join(["there are no complaints:", *found]))
    finally:
        browser.process.kill()
        browser.process.wait()
        shutil.rmtree(profile, ignore_errors=True)


main()
