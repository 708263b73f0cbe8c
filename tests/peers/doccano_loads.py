#!/usr/bin/env python3
"""Gives our JSONL to a real doccano and compares what it gives back.

    pip install doccano==1.8.4
    python doccano_loads.py FOLDER

FOLDER is what `written.py` made. doccano's own import and export run in this process on a SQLite file in a temporary folder, in a project
that allows overlaps; our labels file goes through its serializer. Every span must be the truth's, in UTF-16 as doccano's page counts.
"""

import json
import os
import sys
import tempfile
import zipfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from truth import from_utf16, rows, same_layers, spans


def start(data):
    backend = os.path.join(os.path.dirname(find_spec("backend").origin or find_spec("backend.config").origin), "")
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings.development",
        DATABASE_URL=f"sqlite:///{data}/doccano.db",
        STANDALONE="True",
        MEDIA_ROOT=f"{data}/media",
        DOCCANO_HOME=data,
    )
    sys.path.insert(0, backend)
    os.chdir(backend)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("create_roles")


def main(folder):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
        start(data)
        from data_export.celery_tasks import export_dataset
        from data_import.datasets import load_dataset
        from data_import.pipeline.catalog import create_file_format
        from data_import.pipeline.readers import FileName
        from django.contrib.auth import get_user_model
        from examples.models import Example
        from label_types.serializers import SpanTypeSerializer
        from labels.models import Span
        from projects.models import ProjectType, SequenceLabelingProject

        user = get_user_model().objects.create(username="reader")
        project = SequenceLabelingProject.objects.create(
            name="truth", description="-", project_type=ProjectType.SEQUENCE_LABELING, created_by=user, allow_overlapping=True
        )
        project.add_admin()
        labels = json.loads((folder / "doccano" / "truth.labels.json").read_text(encoding="utf-8"))
        serializer = SpanTypeSerializer(data=labels, many=True)
        assert serializer.is_valid(), serializer.errors
        serializer.save(project=project)
        path = str(folder / "doccano" / "truth.jsonl")
        dataset = load_dataset(
            "SequenceLabeling", create_file_format("JSONL"), [FileName(path, path, path)], project,
            encoding="utf-8", column_data="text", column_label="label",
        )
        dataset.save(user, 1000)
        assert not dataset.errors, [str(error) for error in dataset.errors]
        layers = []
        for example in Example.objects.filter(project=project):
            found = Span.objects.filter(example=example)
            layers.append((example.text, [(*from_utf16(example.text, s.start_offset, s.end_offset), s.label.text) for s in found]))
        truth = rows(folder)
        count, mentions = same_layers(layers, [(row["text"], spans(row)) for row in truth])
        exported = Path(export_dataset(project.id, "JSONL", False))
        if exported.suffix == ".zip":
            with zipfile.ZipFile(exported) as archive:
                lines = [line for name in archive.namelist() for line in archive.read(name).decode("utf-8").split("\n") if line]
        else:
            lines = exported.read_text(encoding="utf-8").split("\n")
        back = [json.loads(line) for line in lines if line]
        same_layers(
            [(row["text"], [(*from_utf16(row["text"], s, e), label) for s, e, label in row["label"]]) for row in back],
            [(row["text"], spans(row)) for row in truth],
        )
        print(f"doccano {version('doccano')}: {count} texts, {mentions} mentions, {len(labels)} labels taken and exported, all equal")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]).resolve())
