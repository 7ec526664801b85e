import subprocess
import sys

import pytest

CODE = """
import ctypes
from site_config.jobs.memory import give_memory_back

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

blocks = [ctypes.create_string_buffer(100_000) for _ in range(500)]
for block in blocks:
    block[:] = b"x" * 100_000
del block, blocks[0:-1]  # what is left at the end keeps the C library from giving back the rest by itself
before = resident()
give_memory_back()
print(before - resident() > 30_000_000)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is told by Linux")
def test_what_was_needed_for_a_while_is_given_back():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
