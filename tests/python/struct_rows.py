# struct_rows.py SEED COUNT: random formats and values, and what Python's struct makes of them. One row a line, tabs between:
# format, the values' words in hex, the packed bytes in hex (or `error: ...`), random bytes in hex, their tuple.
import random
import struct
import sys

dice = random.Random(int(sys.argv[1]))
NATIVE = {letter: struct.calcsize("@" + letter) for letter in "cbB?hHiIlLqQfds"}


def integer(letter, order):
    size = NATIVE[letter] if order in ("", "@") else struct.calcsize("=" + letter)
    bits = 8 * size
    low, high = (0, 2**bits - 1) if letter.isupper() else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    choices = [low, high, 0, 1, dice.randint(low, high), dice.randint(low, high), dice.randint(low, high)]
    if dice.random() < 0.03:
        choices = [low - 1, high + 1, low - 10**40, high + 10**40]
    return dice.choice(choices)


def real():
    return dice.choice(
        [0.0, -0.0, 1.5, 0.1, -1e-5, 1e16, 1e22, 3.4028234e38, 3.5e38, -1e300, 5e-324, float("inf"), float("-inf"), float("nan"),
         dice.uniform(-1e3, 1e3), dice.gauss(0, 1) * 10.0 ** dice.randint(-300, 300)]
    )


def one(letter, order, count):
    if letter == "s":
        return bytes(dice.randrange(256) for _ in range(dice.randint(0, count + 2)))
    if letter == "c":
        return bytes([dice.randrange(256)])
    if letter == "?":
        return dice.random() < 0.5
    return real() if letter in "fd" else integer(letter, order)


def word(value):
    return (value if isinstance(value, bytes) else str(value).encode()).hex()


for _ in range(int(sys.argv[2])):
    order = dice.choice(["", "@", "=", "<", ">", "!"])
    text, values = order, []
    for _ in range(dice.randint(0, 6)):
        letter = dice.choice("xcbB?hHiIlLqQfds")
        count = dice.choice([None, None, 0, 1, 2, 5])
        text += ("" if count is None else str(count)) + letter + dice.choice(["", "", " "])
        number = 1 if count is None else count
        if letter == "s":
            values.append(one(letter, order, number))
        elif letter != "x":
            values += [one(letter, order, number) for _ in range(number)]
    try:
        packed = struct.pack(text, *values).hex()
    except (struct.error, OverflowError) as error:
        packed = f"error: {error}"
    raw = bytes(dice.randrange(256) for _ in range(struct.calcsize(text)))
    print(text, ",".join(map(word, values)), packed, raw.hex(), struct.unpack(text, raw), sep="\t")
