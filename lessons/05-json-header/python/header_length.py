# A JSON header is as long as its bytes, and a character may have several.
import json

as_usual = json.dumps({"name": "粘包.txt"})
as_written = json.dumps({"name": "粘包.txt"}, ensure_ascii=False)
for text in (as_usual, as_written):
    print(text, len(text), "characters,", len(text.encode()), "bytes")
