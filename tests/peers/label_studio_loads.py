#!/usr/bin/env python3
"""Gives our tasks and labelling configuration to a real Label Studio and compares what it gives back.

    pip install label-studio
    python label_studio_loads.py FOLDER

FOLDER is what `written.py` made. The server runs in this process on a database in a temporary folder and is spoken to through its API:
a project is made with our config.xml, our tasks are imported, then exported as JSON, JSON_MIN and CoNLL-2003. Every label must stand at
its words (UTF-16, as a browser slices), and be the truth's.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

from truth import from_utf16, rows, same_layers, spans


def client(data):
    os.environ.update(
        DJANGO_SETTINGS_MODULE="core.settings.label_studio",
        LABEL_STUDIO_BASE_DATA_DIR=data,
        DJANGO_DB="sqlite",
        COLLECT_ANALYTICS="0",
        collect_analytics="0",
        SENTRY_DSN="",
        FRONTEND_SENTRY_DSN="",
        LATEST_VERSION_CHECK="0",
        LOG_LEVEL="ERROR",
    )
    import label_studio

    sys.path.insert(0, os.path.dirname(label_studio.__file__))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from django.contrib.auth import get_user_model
    from organizations.models import Organization
    from rest_framework.test import APIClient

    user = get_user_model().objects.create_user(email="reader@example.org", password="not-a-secret")
    user.active_organization = Organization.create_organization(created_by=user, title="peers")
    user.save()
    api = APIClient(HTTP_HOST="localhost")
    api.force_authenticate(user=user)
    return api


def checked(answer, status):
    assert answer.status_code == status, f"{answer.status_code}: {answer.content[:500]}"
    return answer


def exported(api, project, kind):
    answer = checked(api.get(f"/api/projects/{project}/export?exportType={kind}&download_all_tasks=true"), 200)
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def main(folder):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
        api = client(data)
        from label_studio import __version__

        files = folder / "label-studio"
        config = (files / "truth.config.xml").read_text(encoding="utf-8")
        project = checked(api.post("/api/projects/", {"title": "truth", "label_config": config}, format="json"), 201).json()["id"]
        tasks = json.loads((files / "truth.json").read_text(encoding="utf-8"))
        taken = checked(api.post(f"/api/projects/{project}/import", tasks, format="json"), 201).json()
        back = json.loads(exported(api, project, "JSON"))
        layers, lengths = [], 0
        for task in back:
            text = task["data"]["text"]
            for annotation in task["annotations"]:
                found = []
                for result in annotation["result"]:
                    value = result["value"]
                    start, end = from_utf16(text, value["start"], value["end"])
                    assert text[start:end] == value["text"], f"{value} is not {text[start:end]!r}"
                    found += [(start, end, label) for label in value["labels"]]
                layers.append((text, found))
            if not task["annotations"]:
                layers.append((text, []))
        count, mentions = same_layers(layers, [(row["text"], spans(row)) for row in rows(folder)])
        minimal = json.loads(exported(api, project, "JSON_MIN"))
        assert sum(len(row.get("label", [])) for row in minimal) == sum(map(len, (found for _, found in layers)))
        conll = exported(api, project, "CONLL2003").decode("utf-8")
        lengths = conll.count("\n-X-") + conll.count(" -X- _ ")
        print(f"label-studio {__version__}: {taken['task_count']} tasks, {taken['annotation_count']} annotations; {count} layers, {mentions} mentions back, all equal; JSON_MIN {len(minimal)} rows; CoNLL {lengths} tokens")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]).resolve())
