"""Asks the formats' own implementations: Apache's avro and fastavro, Google's protobuf, jsonschema.

Reads one JSON document from stdin, `{"avro": [...], "protobuf": [...], "json-schema": [...]}`, and writes the answers in the same
order to stdout.
"""

import io
import json
import os
import random
import sys
import tempfile


def avro_answer(case):
    import fastavro
    from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType
    from avro.schema import parse

    reader, writer = parse(case["reader"]), parse(case["writer"])
    result = ReaderWriterCompatibilityChecker().get_compatibility(reader, writer)
    to, source = (fastavro.parse_schema(json.loads(case[side])) for side in ("reader", "writer"))
    reads = []
    for record in case["records"]:
        try:
            fastavro.schemaless_reader(io.BytesIO(bytes.fromhex(record)), source, to)
            reads.append(None)
        except Exception as error:  # any failure to read is an answer here
            reads.append(f"{type(error).__name__}: {error}"[:200])
    return {"compatible": result.compatibility is SchemaCompatibilityType.compatible, "reads": reads}


def json_schema_answers(case):
    from jsonschema import FormatChecker
    from jsonschema.validators import validator_for

    answers = []
    validators = []
    for side in ("writer", "reader"):
        schema = json.loads(case[side])
        cls = validator_for(schema)
        validators.append(cls(schema, format_checker=FormatChecker(["date", "ipv4", "uuid"])))
    for value in case["values"]:
        answers.append([validator.is_valid(value) for validator in validators])
    return answers


class Protobuf:
    """The files of one side, compiled by protoc; each message in a pool of its own."""

    def __init__(self, texts):
        from google.protobuf import descriptor_pb2
        from grpc_tools import protoc

        with tempfile.TemporaryDirectory() as folder:
            names = [f"p{index}.proto" for index in range(len(texts))]
            self.sets = []
            for name, text in zip(names, texts):
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(text)
            for name in names:
                out = os.path.join(folder, "set.pb")
                if protoc.main(["protoc", f"-I{folder}", f"--descriptor_set_out={out}", name]) != 0:
                    raise SystemExit(f"protoc refuses {name}")
                files = descriptor_pb2.FileDescriptorSet()
                with open(out, "rb") as file:
                    files.ParseFromString(file.read())
                self.sets.append(files.file[0])

    def message(self, index, name):
        from google.protobuf import descriptor_pool, message_factory

        pool = descriptor_pool.DescriptorPool()
        pool.Add(self.sets[index])
        return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))


def fill(message, chance, depth=0):
    """Random values that every type of the field's group holds: what is cut or signed otherwise is no question of compatibility."""
    oneofs = set()
    for field in message.DESCRIPTOR.fields:
        oneof = field.containing_oneof
        if oneof is not None and len(oneof.fields) > 1:
            if oneof.name in oneofs:
                continue
            oneofs.add(oneof.name)
        if not field.is_required and chance.random() < 0.2:
            continue
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            getattr(message, field.name)["key"] = chance.randrange(100)
        elif field.message_type is not None:
            inner = getattr(message, field.name)
            if field.is_repeated:
                inner = inner.add()
            inner.SetInParent()
            fill(inner, chance, depth + 1)
        elif field.is_repeated:
            getattr(message, field.name).extend([scalar(field, chance) for _ in range(1 + chance.randrange(3))])
        else:
            setattr(message, field.name, scalar(field, chance))


def scalar(field, chance):
    if field.enum_type is not None:
        return chance.randrange(2)
    if field.type == field.TYPE_STRING:
        return chance.choice(["a", "text", "ünïcode"])
    if field.type == field.TYPE_BYTES:
        return chance.choice([b"a", b"text", b"\xff\xfe"])
    if field.type == field.TYPE_BOOL:
        return True
    if field.type in (field.TYPE_FLOAT, field.TYPE_DOUBLE):
        return chance.choice([1.5, -2.25])
    return chance.choice([1, 7, 100])


def listed(value, repeated):
    """A single value as a list of one; text as bytes."""
    return [one.encode() if isinstance(one, str) else one for one in (value if repeated else [value])]


def differences(written, read, strict):
    """Fields of the writer that the reader has under their number and reads as something else.

    The last of several values is what a single field is to read; when `strict`, dropping the others counts too.
    """
    found = []
    by_number = read.DESCRIPTOR.fields_by_number
    for field, value in written.ListFields():
        other = by_number.get(field.number)
        if other is None:
            continue
        got = getattr(read, other.name)
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            if other.message_type is None or dict(value) != dict(got):
                found.append(field.name)
        elif field.message_type is not None:
            if other.message_type is None:
                found.append(field.name)
                continue
            pairs = zip(value if field.is_repeated else [value], got if other.is_repeated else [got])
            found.extend(f"{field.name}.{name}" for one, two in pairs for name in differences(one, two, strict))
        elif other.message_type is not None:
            found.append(field.name)
        else:
            wanted, gotten = listed(value, field.is_repeated), listed(got, other.is_repeated)
            if wanted[-1:] != gotten[-1:] or ((strict or other.is_repeated) and wanted != gotten):
                known = other.enum_type is not None and set(wanted) - set(other.enum_type.values_by_number)
                found.append(f"{field.name} (closed enum)" if known else field.name)
    return found


def unset(writer, reader):
    """Names of the writer's message that the reader has no field for."""
    return [field.name for field in writer.fields if field.number not in reader.fields_by_number]


def zeros(record, read):
    """Names of the writer's fields whose zero is not written, and which the reader takes for an empty list."""
    for field in record.DESCRIPTOR.fields:
        other = read.DESCRIPTOR.fields_by_number.get(field.number)
        if field.has_presence or field.is_repeated or other is None or not other.is_repeated:
            continue
        if not getattr(record, field.name) and len(getattr(read, other.name)) == 0:
            yield field.name


def protobuf_answers(cases):
    readers, writers = (Protobuf([case[side] for case in cases]) for side in ("reader", "writer"))
    answers = []
    for index, case in enumerate(cases):
        chance = random.Random(index)
        to, source = readers.message(index, "pair.Outer"), writers.message(index, "pair.Outer")
        reads = []
        for _ in range(case["samples"]):
            record = source()
            fill(record, chance)
            reads.append(read_answer(to, record))
        shown = None
        if case["bytes"] is not None:
            to, source = readers.message(index, case["type"]), writers.message(index, case["type"])
            record = source()
            record.ParseFromString(bytes.fromhex(case["bytes"]))
            shown = read_answer(to, record, strict=True)
        answers.append({"reads": reads, "shown": shown})
    return answers


def read_answer(to, record, strict=False):
    try:
        read = to()
        read.ParseFromString(record.SerializeToString())
        if not read.IsInitialized():
            return "a required field is missing"
    except Exception as error:  # any failure to read is an answer here
        return f"{type(error).__name__}: {error}"[:200]
    found = differences(record, read, strict)
    if strict:
        written = {field.name for field, _ in record.ListFields()}
        found += [name for name in unset(record.DESCRIPTOR, read.DESCRIPTOR) if name in written]
        found += [f"{name} is zero" for name in zeros(record, read)]
        if len(read.ListFields()) < len(record.ListFields()):
            found.append("fewer fields")
    return f"differs: {', '.join(found)}" if found else None


def main():
    asked = json.load(sys.stdin)
    answers = {
        "avro": [avro_answer(case) for case in asked.get("avro", [])],
        "json-schema": [json_schema_answers(case) for case in asked.get("json-schema", [])],
        "protobuf": protobuf_answers(asked["protobuf"]) if asked.get("protobuf") else [],
    }
    json.dump(answers, sys.stdout)


main()
