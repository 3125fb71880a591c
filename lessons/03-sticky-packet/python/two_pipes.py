"""Reads one pipe to its end, then the other, as the tutorials do; the child fills the other one first.

Bounded: a child that has come to stand is ended after two seconds.
"""
import subprocess
import sys
import threading

CHILD = "import sys; sys.stderr.write('e' * %d); sys.stderr.flush(); print('done')"


def one_after_the_other(size):
    child = subprocess.Popen([sys.executable, "-c", CHILD % size], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    too_late = threading.Timer(2, child.kill)
    too_late.start()
    out = child.stdout.read()  # to the end of stdout, while stderr fills up
    err = child.stderr.read()
    too_late.cancel()
    how = "ended by itself" if child.wait() == 0 else "stuck, ended by us after 2 s"
    print("one after the other, %d bytes on stderr: %s, %d + %d bytes read" % (size, how, len(out), len(err)))


def both_at_once(size):
    child = subprocess.run([sys.executable, "-c", CHILD % size], capture_output=True, timeout=10)
    print("both at once,        %d bytes on stderr: ended by itself, %d + %d bytes read"
          % (size, len(child.stdout), len(child.stderr)))


one_after_the_other(65536)
one_after_the_other(65537)
both_at_once(65537)
