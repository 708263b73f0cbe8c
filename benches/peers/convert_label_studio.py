"""Label Studio's JSON to CoNLL-2003 with Label Studio's own converter: FROM TO (a folder). Prints the seconds and the CPU seconds of the work alone."""

import sys
import time

from label_studio_sdk.converter import Converter

LABELS = "".join(f'<Label value="{label}"/>' for label in ["PER", "ORG", "LOC", "DAT", "EVE"])
CONFIG = f'<View><Labels name="label" toName="text">{LABELS}</Labels><Text name="text" value="$text"/></View>'

converter = Converter(CONFIG, project_dir=None)
began, used = time.perf_counter(), time.process_time()
converter.convert_to_conll2003(sys.argv[1], sys.argv[2], is_dir=False)
print(time.perf_counter() - began, time.process_time() - used)
