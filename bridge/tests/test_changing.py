import traceback
import unittest

from headgate_bridge.dags.changing import NAME, code_of


def noted(text: str, **names: object) -> list[str]:
    """What a file of this text notes when it is carried out."""
    notes: list[str] = []
    exec(code_of(text.encode(), "/project/a.py", "a.py"), {NAME: notes.append, **names})
    return notes


class Changing(unittest.TestCase):
    def test_only_what_is_carried_out_counts(self) -> None:
        task = "import datetime\ndef task():\n    return datetime.datetime.now()\n"
        self.assertEqual(noted(task), [])
        self.assertEqual(noted(task + "task()\n"), ["a.py"])
        self.assertEqual(noted("import time\nif False:\n    time.time()\n"), [])
        self.assertEqual(noted("import time\nwith open('/dev/null'):\n    x = [time.time()]\n"), ["a.py"])

    def test_every_place_of_a_statement_counts(self) -> None:
        for text in (
            "import random\nx = random.random()\n",
            "import random\nif random.random() > 2:\n    pass\n",
            "import random\nfor _ in [random.random()]:\n    pass\n",
            "import random\ndef f(x=random.random()):\n    pass\n",
            "import random\nclass A:\n    x = random.random()\n",
            "import random\ntry:\n    x = random.random()\nexcept ValueError:\n    pass\n",
            "import random\ntry:\n    raise ValueError\nexcept ValueError:\n    x = random.random()\n",
            "import random\nx = (lambda: random.random())()\n",
            "import random\nmatch 1:\n    case 1:\n        x = random.random()\n",
            "import random\nx = f'{random.random()}'\n",
            "from time import time as clock\nx = clock()\n",
            "import os\nx = os.environ.get('HOME')\n",
        ):
            self.assertNotEqual(noted(text), [], text)

    def test_imports_and_words_in_texts_do_not_count(self) -> None:
        text = '"""now"""\nfrom __future__ import annotations\nfrom datetime import datetime\nimport time, random\nx = "now"\n'
        self.assertEqual(noted(text), [])

    def test_lines_and_faults_stay_what_they_are(self) -> None:
        lines: list[int] = []
        try:
            noted("import time\n\nx = time.time() + 1 / 0\n")
        except ZeroDivisionError as error:
            lines = [frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__)]
        self.assertEqual(lines[-1:], [3])
        with self.assertRaises(SyntaxError) as fault:
            noted("import time\nx = time.time(\n")
        self.assertEqual(fault.exception.filename, "/project/a.py")


if __name__ == "__main__":
    unittest.main()
