"""Reads expressions, one a line; prints what each gives, or the name of what it raises."""

import hashlib
import json
import struct
import subprocess
import sys
import time

for line in sys.stdin:
    try:
        print(eval(line, {"hashlib": hashlib, "json": json, "struct": struct, "subprocess": subprocess, "time": time}))
    except Exception as error:
        print(type(error).__name__)
