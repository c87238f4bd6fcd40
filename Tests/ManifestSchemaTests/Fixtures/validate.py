"""Prints what a JSON Schema says against each YAML document: FILE: PATH: MESSAGE.

Usage: validate.py SCHEMA FILE...
"""

import json
import sys

import jsonschema
import yaml

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
for name in sys.argv[2:]:
    with open(name, encoding="utf-8") as file:
        for document in yaml.load_all(file, Loader=yaml.CSafeLoader):
            if document is None:
                continue
            for error in validator.iter_errors(document):
                path = "/".join(str(step) for step in error.absolute_path)
                print(f"{name}: {path}: {error.message}")
