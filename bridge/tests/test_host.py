import io
import json
import unittest
from pathlib import Path
from typing import Any

from headgate_bridge.frames import encode_frame, read_frame
from headgate_bridge.host import serve

GOLDEN = json.loads((Path(__file__).parent.parent / "golden" / "refusals.json").read_text(encoding="utf-8"))


def exchange(*requests: dict[str, Any]) -> list[dict[str, Any]]:
    answers = io.BytesIO()
    serve(io.BytesIO(b"".join(map(encode_frame, requests))), answers)
    answers.seek(0)
    found = []
    while (answer := read_frame(answers)) is not None:
        found.append(answer)
    return found


class Host(unittest.TestCase):
    def test_refusals_are_the_golden_ones_and_the_host_goes_on(self) -> None:
        self.assertEqual(exchange(*[case["request"] for case in GOLDEN]), [case["response"] for case in GOLDEN])

    def test_hello_names_protocol_python_and_packages(self) -> None:
        (answer,) = exchange({"v": 1, "id": 7, "method": "hello", "params": {}})
        self.assertEqual((answer["id"], answer["ok"], answer["result"]["protocol"]), (7, True, 1))
        self.assertEqual(sorted(answer["result"]), ["packages", "protocol", "python", "runtime"])


if __name__ == "__main__":
    unittest.main()
