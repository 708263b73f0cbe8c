"""Writes articles with mentions as JSON Lines: benches/exchange.py ARTICLES FILE. The same number gives the same bytes.

An article has about 3 KB of text in paragraphs and 20 mentions that carry their surfaces.
"""

import bisect
import json
import random
import sys

WORDS = """به گزارش خبرنگار مهر، سردار احمد نمونه، صبح شنبه ۲۹ دی ۱۳۹۷ در بیست‌ویکمین گردهمایی تخصصی معاونین اجتماعی استان‌ها
با اشاره به عملکرد ۱۰ ماه اخیر گفت: «پلیس یکی از نهادهایی است که می‌تواند نقش مؤثر و اثربخشی را داشته باشد»؛ او افزود جرائم
در ۹ ماه ابتدایی سال ۲۰ درصد (از ۱٬۲۵۰ به ۱٬۰۰۰ پرونده) کاهش یافته و شبکه Mehr News نیز ساعت ۸:۴۷ آن را اعلام کرد. قائم‌مقام
وزیر هم در فضای مجازی، نه لزوماً حضوری، به پرسش‌های خبرنگاران پاسخ داد.""".split()
LABELS = ["PER", "ORG", "LOC", "DAT", "EVE"]
MENTIONS = 20


def article(number):
    parts = [f"رویداد {number} در تهران\n\n"]
    size = 0
    while size < 3_000:
        paragraph = " ".join(random.choices(WORDS, k=random.randrange(20, 60))) + ".\n"
        parts.append(paragraph)
        size += len(paragraph.encode())
    text = "".join(parts)
    gaps = [at for at, char in enumerate(text) if char in " \n"]
    starts = [0] + [at + 1 for at in gaps if text[at + 1 : at + 2] not in ("", " ", "\n")]
    ends = [at for at in gaps if text[at - 1] not in " \n"]
    step = (len(starts) - 4) // MENTIONS
    spans = []
    for mention in range(MENTIONS):
        start = starts[mention * step]
        end = ends[bisect.bisect_right(ends, start) + mention % 3]
        spans.append({"start": start, "end": end, "label": LABELS[mention % len(LABELS)], "text": text[start:end]})
    return {
        "id": f"n{number}",
        "text": text,
        "spans": spans,
        "annotator": "سارا",
        "status": "done",
        "meta": {"source": "مهر", "number": number},
        "offset_unit": "codepoint",
    }


random.seed(5)
with open(sys.argv[2], "w", encoding="utf-8", newline="\n") as file:
    for number in range(int(sys.argv[1])):
        file.write(json.dumps(article(number), ensure_ascii=False, separators=(",", ":")) + "\n")
