"""What the command prints into terminals of several widths, and into a pipe."""

import fcntl
import os
import pty
import struct
import subprocess
import tempfile
import termios
import unicodedata
import unittest

from peers import BINARY, ROOT


def columns(text):
    """The columns of a terminal that a text takes."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text if not unicodedata.combining(c))


def in_terminal(arguments, width):
    """The lines that a command prints into a terminal of some columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    process = subprocess.Popen(arguments, stdout=theirs, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    os.close(theirs)
    text = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        text += piece
    os.close(ours)
    assert process.wait() == 0
    return text.decode().replace("\r\n", "\n").splitlines()


class Terminals(unittest.TestCase):
    def test_tables_fit_the_terminal(self):
        with tempfile.TemporaryDirectory() as directory:
            data = f"{directory}/record"
            article = ROOT / "examples/blinken-2023.json"
            subprocess.run([BINARY, "import", article, "--data", data], check=True, capture_output=True)
            arguments = [BINARY, "timeline", "antony-blinken", "--data", data]
            piped = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout.splitlines()
            widest = max(map(columns, piped))
            self.assertGreater(widest, 200)
            marks = lambda lines: sorted(c for c in "".join(lines) if not c.isspace() and not "─" <= c <= "╿")
            for width in (80, 120, widest - 1):
                lines = in_terminal(arguments, width)
                self.assertLessEqual(max(map(columns, lines)), width)
                self.assertEqual(marks(lines), marks(piped), "nothing is left out")
            self.assertEqual(in_terminal(arguments, widest), piped, "wide enough, it is what a pipe gets")
