"""A benchmark's process that answers lines with lines of JSON."""
import json
import os
import subprocess
import sys


class Program:
    """The process; `level` is that of its instructions, the best when not said."""

    def __init__(self, path, *arguments, level=None):
        self.name = os.path.basename(path)
        environment = dict(os.environ) | ({"TENSOR_MEDIA_CPU": level} if level else {})
        self.process = subprocess.Popen(
            [path, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env=environment)

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"{self.name} ended")
        return json.loads(answer)

    def end(self):
        self.process.stdin.close()
        self.process.wait()
