import io
import json
import unittest
from pathlib import Path

from headgate_bridge.frames import BadFrame, encode_frame, read_frame

GOLDEN = json.loads((Path(__file__).parent.parent / "golden" / "frames.json").read_text(encoding="utf-8"))


class Frames(unittest.TestCase):
    def test_each_message_is_written_as_the_golden_bytes(self) -> None:
        for case in GOLDEN["frames"]:
            with self.subTest(case["name"]):
                self.assertEqual(encode_frame(case["message"]).hex(), case["hex"])

    def test_the_golden_bytes_are_read_as_the_messages(self) -> None:
        stream = io.BytesIO(bytes.fromhex("".join(case["hex"] for case in GOLDEN["frames"])))
        self.assertEqual([read_frame(stream) for _ in GOLDEN["frames"]], [case["message"] for case in GOLDEN["frames"]])
        self.assertIsNone(read_frame(stream))

    def test_what_is_no_frame_is_refused(self) -> None:
        for case in GOLDEN["refused"]:
            with self.subTest(case["name"]), self.assertRaises(BadFrame):
                read_frame(io.BytesIO(bytes.fromhex(case["hex"])))

    def test_names_that_are_not_utf8_do_not_break_the_frame(self) -> None:
        message = read_frame(io.BytesIO(encode_frame({"path": b"caf\xe9".decode("utf-8", "surrogateescape")})))
        self.assertEqual(message, {"path": "caf?"})


if __name__ == "__main__":
    unittest.main()
