"""Shows a page of ours to a headless Chromium, which fetches files and posts what it saw of each."""
import http.server
import json
import re
import subprocess
import sys
import threading


def page(look):
    """A page for shown(): `look` is the source of an async function of that name, which takes an entry of files.json and returns an
    object with its name."""
    return f"""<!doctype html><meta charset="utf-8"><body><script>
{look}
(async () => {{
  for (const file of await (await fetch('files.json')).json())
    await fetch('result', {{method: 'POST', body: JSON.stringify(await look(file))}});
  await fetch('done', {{method: 'POST', body: ''}});
}})();
</script>"""


def shown(chromium, folder, page, names, seconds=300):
    """What a page() posted, by name; it finds `names` in files.json."""
    (folder / "files.json").write_text(json.dumps(names))
    results, done = {}, threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments):
            pass

        def answer(self, status, body, headers=()):
            self.send_response(status)
            for key, value in [("Content-Length", len(body)), ("Accept-Ranges", "bytes"), *headers]:
                self.send_header(key, str(value))
            self.end_headers()
            try:
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                pass

        def do_GET(self):
            if self.path == "/":
                return self.answer(200, page.encode(), [("Content-Type", "text/html")])
            path = folder / self.path[1:]
            if not path.is_file():
                return self.answer(404, b"")
            data = path.read_bytes()
            # A player that cannot ask for parts shows the first frame after every seek.
            wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            if not wanted:
                return self.answer(200, data)
            start, end = int(wanted[1]), min(int(wanted[2] or len(data) - 1), len(data) - 1)
            if start > end:
                return self.answer(416, b"", [("Content-Range", f"bytes */{len(data)}")])
            self.answer(206, data[start:end + 1], [("Content-Range", f"bytes {start}-{end}/{len(data)}")])

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(200, b"")
            if self.path == "/done":
                done.set()
            else:
                result = json.loads(body)
                results[result["name"]] = result

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    browser = subprocess.Popen(
        [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--force-color-profile=srgb", "--autoplay-policy=no-user-gesture-required",
         f"--user-data-dir={folder}/profile", f"http://127.0.0.1:{server.server_port}/"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    finished = done.wait(seconds)
    browser.terminate()
    browser.wait(20)
    if not finished:
        sys.exit(f"the browser did not finish: {len(results)} of {len(names)} files")
    return results
